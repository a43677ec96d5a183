"""Write answers for people and programs: terminal, file formats, charts."""
