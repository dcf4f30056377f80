"""This module lists common Persian and Dari name parts with the spellings that passports and registers give them."""

MALE = """
رضا Reza Riza|امیر Amir Ameer|مهدی Mehdi Mahdi|علی Ali Aly|حسین Hossein Hussain Husayn|مجید Majid Majeed
بهرام Bahram Behram|داریوش Dariush Daryoush|فرهاد Farhad Ferhad|کامران Kamran Camran|پیمان Peyman Payman
آرش Arash Aresh|سیاوش Siavash Siyawash|جواد Javad Jawad|نادر Nader Nadir|اکبر Akbar Akber
حمید Hamid Hameed|سهراب Sohrab Suhrab|بابک Babak Babek|یونس Younes Yunus|احمد Ahmad Ahmed
نجیب Najib Najeeb|فرید Farid Fareed|ضیا Zia Ziya|رحیم Rahim Raheem|صابر Saber Sabir|جاوید Javid Jawed
قاسم Ghasem Qasim
"""

FEMALE = """
فاطمه Fatemeh Fatima|زهرا Zahra Zehra|مریم Maryam Mariam|شیرین Shirin Shireen|پروین Parvin Parween
نسرین Nasrin Nasreen|لیلا Leila Laila|مینا Mina Meena|پریسا Parisa Pareesa|آزاده Azadeh Azada
سمیرا Samira Sameera|الهام Elham Ilham|نیلوفر Niloufar Nilofar|بهار Bahar Behar|گلنار Golnar Gulnar
فرزانه Farzaneh Farzana|شبنم Shabnam Shabnem|مهناز Mahnaz Mehnaz|رویا Roya Ruya|ترانه Taraneh Tarana
حمیده Hamideh Hamida
"""

FAMILY = """
حسینی Hosseini Hussaini Husayni|احمدزاده Ahmadzadeh Ahmadzada|رضایی Rezaei Rezai|کریمی Karimi Kareemi
موسوی Mousavi Musawi|جعفری Jafari Jaffari|صادقی Sadeghi Sadiqi|رحیمی Rahimi Raheemi
شیرازی Shirazi Sherazi|تهرانی Tehrani Tahrani|یوسفی Yousefi Yusufi|قاسمی Ghasemi Qasimi|نوری Nouri Noori
اکبری Akbari Akberi|حیدری Heydari Haidari|عظیمی Azimi Azeemi|باقری Bagheri Baqiri|امینی Amini Ameeni
فرهادی Farhadi Ferhadi|زمانی Zamani Zemani|سلطانی Soltani Sultani|مرادی Moradi Muradi|کاظمی Kazemi Kazimi
هروی Herawi Heravi|بلخی Balkhi Balkhy|کابلی Kabuli Kaboli|غزنوی Ghaznavi Ghaznawi|نیازی Niazi Niyazi
عزیزی Azizi Azeezi|صدیقی Seddiqi Siddiqi|پوپل Popal Popel|وردک Wardak Vardak
"""
