"""Themes on recommendations: rules, classifier, their combination and its evaluation."""
