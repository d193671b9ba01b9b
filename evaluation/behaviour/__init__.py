"""Does the product behave? Minimum-functionality, invariance and directional tests.

After CheckList (Ribeiro et al. 2020, doi 10.18653/v1/2020.acl-main.442). Texts, swap lists and
floors are YAML in this folder; what is done with them is here. Every text is fictional.
"""
