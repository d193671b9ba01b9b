"""``python -m evaluation.flag_contacts`` prints the figures of the rules on both files."""

from evaluation.flag_contacts import FILES, load_flag_contacts, measure_flags

for name in FILES:
    figures = measure_flags(load_flag_contacts(name))
    print(name, ", ".join(f"{what} {value:.3f}" for what, value in figures.items()))
