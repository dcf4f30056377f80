"""This module lists common Arabic name parts with the spellings that passports and registers give them.

Vowels are not written in Arabic, so no rule gives these spellings back; an entry is the native form and its usual ones.
"""

MALE = """
محمد Mohammed Muhammad Mohamed|أحمد Ahmad Ahmed|علي Ali Aly|حسن Hassan Hasan|حسين Hussein Husain Hussain
عمر Omar Umar|يوسف Yusuf Youssef Yousef|إبراهيم Ibrahim Ebrahim Brahim|خالد Khaled Khalid
سعيد Said Saeed Sayeed|محمود Mahmoud Mahmud|مصطفى Mustafa Mostafa Moustapha|عبدالله Abdullah Abdallah
عبدالرحمن Abdulrahman Abderrahmane|طارق Tariq Tarek|كريم Karim Kareem|ياسين Yassin Yasin Yacine
سامي Sami Samy|رشيد Rashid Rachid|نبيل Nabil Nabeel|جمال Jamal Gamal Djamel|فيصل Faisal Faycal
زياد Ziad Ziyad|وليد Walid Waleed Oualid|هشام Hisham Hicham|أنس Anas Anes|بلال Bilal Belal
ماهر Maher Mahir|رامي Rami Ramy|عادل Adel Adil|منير Munir Mounir|جابر Jaber Jabir|سليم Salim Saleem
فارس Fares Faris|أيمن Ayman Aymen|لؤي Luay Loay|غسان Ghassan Gassan
"""

FEMALE = """
فاطمة Fatima Fatma Fatimah|مريم Maryam Mariam Meriem|عائشة Aisha Aicha Ayesha|زينب Zaynab Zeinab Zineb
خديجة Khadija Khadijah|ليلى Layla Leila Laila|نور Nour Noor Nur|سارة Sara Sarah|هدى Huda Houda Hoda
سلمى Salma Selma|رنا Rana Ranah|ياسمين Yasmin Yasmine Jasmin|أمل Amal Amel|سعاد Suad Souad
نادية Nadia Nadiya|سميرة Samira Sameera|رانيا Rania Raniya|دينا Dina Deena|ريم Reem Rim
إيمان Iman Eman Imane|حنان Hanan Hanane|جميلة Jamila Djamila Gamila|لطيفة Latifa Lateefa
وفاء Wafa Wafaa Ouafa|شيماء Shaima Chaima Shaymaa|أسماء Asma Asmaa
"""

FAMILY = """
الحداد Al-Haddad Elhaddad Haddad|الخطيب Al-Khatib Elkhatib Khatib|النجار Al-Najjar Ennajjar Najjar
الصباغ Al-Sabbagh Sabbagh|الحلبي Al-Halabi Halabi|الحمصي Al-Homsi Homsi Alhimsi
البغدادي Al-Baghdadi Baghdadi|الموصلي Al-Mosuli Mosuli|التونسي Al-Tunisi Tounsi
المصري Al-Masri Elmasry Masri|الشامي Al-Shami Chami|العلي Al-Ali Alali|الأحمد Al-Ahmad Alahmed
الحسن Al-Hassan Elhassan|القاسم Al-Qasim Kassem Elkacem|الزين Al-Zein Zein Ezzine|منصور Mansour Mansoor
سالم Salem Salim|ناصر Nasser Nasir|حمدان Hamdan Hemdan|درويش Darwish Darwich|شاهين Shahin Chahine
قباني Qabbani Kabbani|عثمان Othman Osman Uthman|بن عمر Ben-Omar Benamor|بن يوسف Ben-Youssef Benyoucef
بوزيد Bouzid Bouzeid|زروقي Zerrouki Zarrouqi|مرابط Merabet Mrabet|العمراني El-Amrani Lamrani
الإدريسي El-Idrissi Alidrisi|الفاسي El-Fassi Alfasi|بناني Bennani Benani|التازي Tazi Ettazi
العلمي El-Alami Alalami|الراوي Al-Rawi Rawi|الجبوري Al-Jubouri Jabouri|الدليمي Al-Dulaimi Dulaymi
الطائي Al-Tai Attai|الكعبي Al-Kaabi Kabi|البصري Al-Basri Basri|عباس Abbas Abas|صالح Saleh Salih
حامد Hamed Hamid|إسماعيل Ismail Esmail|خليل Khalil Khaleel|جبريل Jibril Gibril|آدم Adam Adem
بشير Bashir Bachir|الطيب Al-Tayeb Eltayib|عوض Awad Awadh|بركات Barakat Berakat
"""
