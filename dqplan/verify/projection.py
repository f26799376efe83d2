"""Projection: the modules' programs, put together by the manifest, are the joint program, and every message arrives."""

from __future__ import annotations

from collections.abc import Mapping

from dqplan.core.errors import InputError, Place, PlanError
from dqplan.core.units import counted
from dqplan.core.verdict import Check, Status
from dqplan.load.emitted import NATIVE, Emitted, read_program
from dqplan.load.joint_program import Piece, joint_program
from dqplan.load.module_program import ModuleProgram, module_program_of_text, text_lines
from dqplan.load.plan_document import ManifestPart
from dqplan.verify.messages import Messages

NAME = "module programs"


def check_modules(emitted: Emitted, files: Mapping[str, str]) -> Check:
    """Rebuild the joint program from the modules' programs and the manifest alone, and compare it line by line.

    On the way every message is followed: what a condition reads was measured by its own module, or received after the
    module that measured it last has sent it. Since all this happens in one order, no module waits for ever.
    """
    manifest, name = emitted.manifest, f"native {NAME}" if emitted.ending == NATIVE else NAME
    if manifest is None:
        found = "plan.json has no manifest, as early versions of dqplan wrote it, so that nothing says how the modules'"
        return Check(name, Status.FAILED, f"{found} programs interleave; write the directory again with `dqplan split`")
    try:
        messages = _replay(emitted, manifest, files)
    except InputError as error:
        return Check(name, Status.FAILED, str(error))
    programs, verb = counted(len(manifest.modules), "program"), "is" if len(manifest.modules) == 1 else "are"
    detail = (
        f"{programs}, interleaved by the manifest, {verb} {emitted.joint_file} byte for byte; "
        f"{messages.count} messages are sent before they are received, and received before they are read"
    )
    return Check(name, Status.PROVED, detail)


def _replay(emitted: Emitted, manifest: ManifestPart, files: Mapping[str, str]) -> Messages:
    """Everything that the check looks at; raises an InputError that tells the first fault and where it is."""
    programs = [_program(emitted, name, files) for name in manifest.modules]
    messages = Messages(emitted, manifest.modules)
    joint = text_lines(files[emitted.joint_file])
    number = 0
    for number, piece in enumerate(joint_program(programs, manifest, emitted.document.layout.clbits), start=1):
        if joint[number - 1 : number] != [piece.text]:
            raise _difference(piece, emitted.joint_file, number, joint)
        if piece.item is not None:
            messages.follow(piece, number)
    if number < len(joint):
        place = Place(emitted.joint_file, number + 1)
        raise PlanError(f"{_shown(joint[number])} is in none of the modules' programs", place=place)
    messages.finish()
    return messages


def _program(emitted: Emitted, module: str, files: Mapping[str, str]) -> ModuleProgram:
    file = f"{module}{emitted.ending}"
    if file not in files:
        raise PlanError(f"{file} is missing")
    program = module_program_of_text(files[file], file)
    if program.module != module:
        raise PlanError(f"the program of module {program.module}, where {module}'s belongs", place=Place(file, 1))
    read_program(files[file], file)  # what a statement names must be declared in the same file
    own = {part.name for part in emitted.registers if part.module == module}
    for line, declaration in program.qregs.items():
        if declaration.split()[-1].rstrip(";") not in own:
            raise PlanError(f"{_shown(declaration)} is a register of another module", place=Place(file, line))
    return program


def _difference(piece: Piece, joint_file: str, number: int, joint: list[str]) -> PlanError:
    place = Place(piece.file, piece.line)
    if number > len(joint):
        return PlanError(f"{_shown(piece.text)} is not in {joint_file}", place=place)
    found = f"{_shown(piece.text)}, but {Place(joint_file, number)} has {_shown(joint[number - 1])}"
    return PlanError(found, place=place)


def _shown(line: str) -> str:
    return f"`{line.strip()}`"
