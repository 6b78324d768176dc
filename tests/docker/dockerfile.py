"""What a Dockerfile says: its stages and their instructions, comments and folded lines resolved."""

import re
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals and the rest of the line."""

    word: str
    rest: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A COPY: the stage it takes from (None for the build context) and its sources."""

    stage: str | None
    sources: tuple[str, ...]

    @classmethod
    def parse(cls, rest: str) -> Self:
        """Read what follows the word COPY."""
        words = rest.split()
        stage = next((word[len("--from=") :] for word in words if word.startswith("--from=")), None)
        paths = [word for word in words if not word.startswith("--")]
        return cls(stage, tuple(paths[:-1]))


@dataclass(frozen=True, slots=True)
class Stage:
    """A build stage in the order of the file; the name is empty when it has none."""

    name: str
    instructions: tuple[Instruction, ...]

    def rests(self, word: str) -> tuple[str, ...]:
        """Give what follows each `word`, in order."""
        return tuple(found.rest for found in self.instructions if found.word == word)

    def copies(self) -> tuple[Copy, ...]:
        """Give the stage's COPY instructions, in order."""
        return tuple(Copy.parse(rest) for rest in self.rests("COPY"))


def stages(text: str) -> tuple[Stage, ...]:
    """Split a Dockerfile into its stages; instructions before the first FROM are dropped."""
    found: list[tuple[str, list[Instruction]]] = []
    for instruction in _instructions(text):
        if instruction.word == "FROM":
            _, _, name = instruction.rest.partition(" AS ")
            found.append((name, []))
        elif found:
            found[-1][1].append(instruction)
    return tuple(Stage(name, tuple(instructions)) for name, instructions in found)


def _instructions(text: str) -> list[Instruction]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    folded = re.sub(r"\\\n\s*", "", lines)
    split = (line.strip().partition(" ") for line in folded.splitlines() if line.strip())
    return [Instruction(word.upper(), rest.strip()) for word, _, rest in split]
