"""An import contract that import-linter lacks: the only packages from outside that some modules may use."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOT = "linernotes"


class OnlyUses(Contract):
    """`modules` and what is in them import the standard library, the project, `packages`, and nothing else."""

    modules = fields.ListField(subfield=fields.StringField())
    packages = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Look at every import of a listed module, wherever in the file it stands."""
        allowed = {*sys.stdlib_module_names, *self.packages, ROOT}  # type: ignore[misc]  # a field reads as its value
        broken = sorted(
            (importer, imported)
            for importer in _inside(graph, list(self.modules))  # type: ignore[call-overload]  # as above
            for imported in graph.find_modules_directly_imported_by(importer)
            if imported.split(".")[0] not in allowed
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each forbidden import."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} may not import {imported}")
            output.new_line()


def _inside(graph: ImportGraph, modules: list[str]) -> set[str]:
    found = {module for module in modules if module in graph.modules}
    return found.union(*(graph.find_descendants(module) for module in found))
