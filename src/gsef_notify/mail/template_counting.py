"""Puts into a template what counts its work while it is rendered."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from gsef_notify.mail.template_work import CALL

TURN, WALKED, LOOKED_AT, MADE = "_turn", "_walked", "_looked_at", "_made"
"""The filters that do the counting, by what is given to them."""


class Counting(NodeTransformer):
    """Counts at the beginning of each body, and around each value that is compared, joined, cut, walked over
    or made. The environment has the filters."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._visitors: dict[type[nodes.Node], Callable[[Any], Any]] = {
            **dict.fromkeys((nodes.Template, nodes.Block, nodes.Macro, nodes.CallBlock), self._with_turns),
            **dict.fromkeys((nodes.List, nodes.Tuple, nodes.Dict), self._made),
            nodes.For: self._walked,
            nodes.Concat: self._joined,
            nodes.Compare: self._compared,
            nodes.Test: self._tested,
            nodes.Getitem: self._cut,
        }

    def get_visitor(self, node: nodes.Node) -> Callable[[Any], Any] | None:
        """What is done with a node of that kind, None for nothing."""
        return self._visitors.get(type(node))

    def _filtered(self, node: nodes.Expr, name: str) -> nodes.Filter:
        return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno, environment=self._environment)

    def _watched(self, node: nodes.Expr, name: str = LOOKED_AT) -> nodes.Expr:
        return node if isinstance(node, nodes.Const) else self._filtered(node, name)

    def _with_turns(self, node: Any) -> Any:
        called = CALL if isinstance(node, nodes.Macro | nodes.CallBlock) else 0
        cost = nodes.Const(_weight(node) + called, lineno=node.lineno, environment=self._environment)
        visited: Any = self.generic_visit(node)
        turn = self._filtered(cost, TURN)
        visited.body.insert(0, nodes.ExprStmt(turn, lineno=node.lineno, environment=self._environment))
        return visited

    def _walked(self, node: nodes.For) -> Any:
        visited = self._with_turns(node)
        visited.iter = self._watched(visited.iter, WALKED)
        return visited

    def _joined(self, node: nodes.Concat) -> Any:
        self.generic_visit(node)
        node.nodes = [self._watched(each) for each in node.nodes]
        return node

    def _compared(self, node: nodes.Compare) -> Any:
        self.generic_visit(node)
        node.expr = self._watched(node.expr)
        for operand in node.ops:
            operand.expr = self._watched(operand.expr)
        return node

    def _tested(self, node: nodes.Test) -> Any:
        self.generic_visit(node)
        if node.args:
            node.node, node.args = self._watched(node.node), [self._watched(each) for each in node.args]
        return node

    def _cut(self, node: nodes.Getitem) -> Any:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = self._watched(node.node)
        return node

    def _made(self, node: Any) -> Any:
        visited: Any = self.generic_visit(node)
        is_target = isinstance(node, nodes.Tuple) and node.ctx != "load"
        return visited if is_target or not _is_nested(node) else self._filtered(visited, MADE)


def _weight(node: nodes.Node) -> int:
    """What a body costs each time: its nodes, and the signs of its texts."""
    texts = (each.data for each in node.find_all(nodes.TemplateData))
    values = (each.value for each in node.find_all(nodes.Const) if isinstance(each.value, str))
    return sum(1 for _ in node.find_all(nodes.Node)) + sum(map(len, texts)) + sum(map(len, values))


def _is_nested(node: nodes.Node) -> bool:
    return any(not isinstance(each, nodes.Const | nodes.Pair) for each in node.iter_child_nodes())
