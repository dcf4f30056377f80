"""Zones of nobody: the specimens of Doc 9303 (parts 4 to 7), and invented ones of states that differ."""

TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
VISA = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"]
FRENCH = ["IDFRATESTOVA<<<<<<<<<<<<<<<<<<952042", "0101TST000178ADA<<MARIA<<<<8405069F5"]
BELGIAN = ["IDBEL001234567<8918<<<<<<<<<<<", "8405069F3001019BEL<<<<<<<<<<<0", "TESTOVA<<ADA<<<<<<<<<<<<<<<<<<"]
SPANISH = ["IDESPAAA000000000000000T<<<<<<", "8405069F3001019ESP<<<<<<<<<<<1", "TESTOVA<<ADA<<<<<<<<<<<<<<<<<<"]


def damaged(lines, line, column):
    """Give the zone with one place misread as a digit that it is not."""
    changed = [*lines]
    old = changed[line][column]
    changed[line] = changed[line][:column] + ("1" if old != "1" else "2") + changed[line][column + 1 :]
    return changed
