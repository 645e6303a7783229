"""Repeats: is a recommendation new, and what keeps being recommended?"""
