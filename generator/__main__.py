"""``python -m generator`` is the command ``nianbao``."""

from generator.commands.cli import main

if __name__ == "__main__":
    main()
