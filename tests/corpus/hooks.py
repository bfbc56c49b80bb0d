"""Hooks of IPython: what stands between a cell and its outputs."""

from __future__ import annotations

from textwrap import dedent

from .kit import FULL, POINTS, Corpus, Hand, insert

case = Corpus("hooks")


def _hook(name: str, source: str, right: bool = False, **expected) -> None:
    @case(name, **{"points": FULL if right else 0, **expected})
    def _(hand: Hand) -> None:
        hand.write(insert(hand.notebook(right), "answer-02-1",
                          "shell = get_ipython()\n" + dedent(source)))


_hook("an AST transformer", """
    import ast
    class T(ast.NodeTransformer):
        def visit_Call(self, node):
            if getattr(node.func, 'id', '') == 'check':
                return ast.copy_location(ast.Constant(None), node)
            return node
    shell.ast_transformers.append(T())
""")
_hook("an AST transformer that asks another question", """
    import ast
    class T(ast.NodeTransformer):
        def visit_Call(self, node):
            if getattr(node.func, 'id', '') == 'check':
                node.args = ast.parse("f('02.8', {'000', '001', '003'})").body[0].value.args
                ast.fix_missing_locations(node)
            return node
    shell.ast_transformers.append(T())
""", points=POINTS["02.8"])
_hook("an input transformer", "shell.input_transformers_cleanup.append("
      "lambda lines: ['None\\n'] if any('check(' in line for line in lines) else lines)")
_hook("a hook before each cell", """
    def before(info): info.raw_cell = 'None'
    shell.events.register('pre_run_cell', before)
""")
_hook("a hook after each cell", """
    def after(result):
        result.result = result.error_in_exec = result.error_before_exec = None
    shell.events.register('post_run_cell', after)
""")
_hook("hooks that fail", """
    def stop(*_): raise ValueError
    for name in ('pre_run_cell', 'post_run_cell', 'pre_execute', 'post_execute'):
        shell.events.register(name, stop)
""", right=True)
_hook("a display hook", """
    import sys
    class Hook(type(sys.displayhook)):
        def __call__(self, value=None): super().__call__(1000)
    shell.displayhook.__class__ = Hook
    sys.displayhook = lambda v: print(1000)
""")
_hook("formatters", """
    for f in shell.display_formatter.formatters.values():
        for kind in (object, int, str, dict, type(None), type(...)):
            f.for_type(kind, lambda *a: '1000')
""")
_hook("a publisher that says nothing", """
    shell.display_pub.publish = lambda *a, **k: None
""")
_hook("a publisher that changes the answers", """
    publish = shell.display_pub.publish
    def mine(data, *a, **k):
        for value in data.values():
            if isinstance(value, dict) and 'answer' in value:
                value['answer'] = ['map', [[['text', 'raw'], ['num', 99]]]]
        publish(data, *a, **k)
    shell.display_pub.publish = mine
""")
_hook("tracebacks that print points", """
    class E(Exception):
        def _render_traceback_(self): return ['1000']
    def own(shell, *a, **k): print(1000)
    shell.set_custom_exc((Exception,), own)
    raise E
""")
_hook("tracebacks that say nothing", """
    shell.set_custom_exc((BaseException,), lambda *a, **k: None)
    shell.showtraceback = shell._showtraceback = lambda *a, **k: None
""")
_hook("a shell that runs something else", """
    run = shell.run_cell
    async_run = shell.run_cell_async
    shell.run_cell = lambda source, *a, **k: run('None', *a, **k)
    shell.run_cell_async = lambda source, *a, **k: async_run('None', *a, **k)
""")
_hook("a compiler of its own", """
    import builtins
    real = builtins.compile
    builtins.compile = lambda source, *a, **k: real('None', *a, **k)
""")
