"""What the commands emit: frozen dataclasses of plain Python, a module a command. Imports nothing of gdcli.

Field names are the JSON keys. A result's `command` names its renderer and the envelope it travels in. A process pays
for the classes of its own command alone, which is why each command has a module.
"""
