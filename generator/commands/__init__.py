"""The commands of ``nianbao``, a module each. They parse, call and print; they decide nothing."""
