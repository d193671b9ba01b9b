"""How good are we, and may it be released?"""
