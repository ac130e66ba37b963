"""Figures as pictures. One module a kind of file, named after its suffix: `draw(figure)` is its bytes; `terminal` draws
in characters.
"""
