"""Virtual experiments on cortical expansion: mechanisms, experiments, analysis and reports."""

__version__ = "0.1.0"
