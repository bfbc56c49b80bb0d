"""What a student's notebook could put into a page, to run something there or to fetch something.

Each entry is HTML or Markdown with two marks: RUN is a piece of script that leaves a trace, and
URL an address that notes who asks for it.
"""

from __future__ import annotations

import base64

_EVENT = "<img src=x onerror=RUN>"
_SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'><script>RUN</script>" \
       "<image href='URL'/><foreignObject><img src='URL' onerror='RUN'/></foreignObject></svg>"

HTML = [
    "<script>RUN</script>", "<SCRIPT SRC='URL'></SCRIPT>", "<script type=module>RUN</script>",
    _EVENT, "<img/src=x/onerror=RUN>", "<img src='URL'>", "<img srcset='URL 1x'>",
    "<picture><source srcset='URL'><img src='URL'></picture>",
    "<img src='data:image/png;base64,AA\" onerror=\"RUN'>", _SVG,
    "<svg><animate onbegin=RUN attributeName=x dur=1s></svg>",
    "<svg><style><img src=x onerror=RUN></style></svg>", "<svg><use href='URL#x'></use></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=RUN>\"></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 "
    "onerror=RUN&gt;\"></math>",
    "<math><annotation-xml encoding=text/html><script>RUN</script></annotation-xml></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=RUN>\"></noscript>",
    "<template><script>RUN</script></template>", "<xmp><p title='</xmp><img src=x onerror=RUN>'>",
    "<textarea></textarea><img src=x onerror=RUN>", "<!--><script>RUN</script>-->",
    "<title><img title=\"</title><img src=x onerror=RUN>\"></title>",
    "<select><style></select><img src=x onerror=RUN></style></select>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>",
    "<iframe src='URL'></iframe>", "<iframe srcdoc='<script>parent.RUN</script>'></iframe>",
    "<object data='URL'></object>", "<embed src='URL'>", "<video src='URL' onerror=RUN></video>",
    "<audio src='URL' autoplay></audio>", "<video><source onerror=RUN src='URL'></video>",
    "<link rel=stylesheet href='URL'>", "<link rel=prefetch href='URL'>",
    "<meta http-equiv=refresh content='0;url=URL'>", "<base href='URL/'>",
    "<form action='URL'><button autofocus onfocus=RUN>Go</button></form>",
    "<input autofocus onfocus=RUN>", "<body onload=RUN background='URL'>",
    "<details open ontoggle=RUN><summary>More</summary>More</details>",
    "<div contenteditable autofocus tabindex=1 onfocus=RUN>text</div>",
    "<a class=click href='javascript:RUN'>click</a>",
    "<a class=click href=' java\nscript:RUN'>c</a>",
    "<a class=click href='data:text/html,<script>opener.RUN</script>'>click</a>",
    "<a class=click href='vbscript:RUN' ping='URL'>click</a>",
    "<table background='URL'><tr><td background='URL'>cell</td></tr></table>",
    "<marquee onstart=RUN>text</marquee>", "<p style='background:url(URL)'>text</p>",
    "<p style='background:u\\72l(URL)'>text</p>", "<p style='list-style:url(URL)'>text</p>",
    "<p style=\"background:image-set('URL' 1x)\">text</p>",
    "<p style='--x:url(URL);background:var(--x)'>text</p>", "<p style='cursor:url(URL),auto'>t</p>",
    "<p style='border-image:url(URL)'>text</p>", "<p style='width:expression(RUN)'>text</p>",
    "<p style=\"background:red;/*\" title=\"*/url(URL)\">text</p>",
    "<style>@import url(URL);</style><p>text</p>", "<style>@import 'URL';</style><p>text</p>",
    "<style>@font-face{font-family:x;src:url(URL)} p{font-family:x}</style><p>text</p>",
    "<style>body,p{background:url(URL)}</style><p>text</p>",
    "<style>p::before{content:url(URL)}</style><p>text</p>",
    "<style>p{}</style/><img src=x onerror=RUN>",
    "<style>p{color:red}</styl\\65><img src=x onerror=RUN></style><p>text</p>",
    "</div></div></article></main><script>RUN</script>", "</style></head><script>RUN</script>",
    "<div " * 3_000 + "<img src=x onerror=RUN>", "<div>" * 5_000 + _EVENT,
    "<img src='data:image/svg+xml;base64," + base64.b64encode(
        _SVG.encode()).decode() + "'>",
    "\x00<scr\x00ipt>RUN</scr\x00ipt>", "<\u017fcript>RUN</\u017fcript>",
]

#: What must not change how the page itself looks, or what it says.
DISGUISES = [
    "<style>.fb-total,body .fb-total,.fb-points{display:none!important}</style><p>hide</p>",
    "<style>:root{--text:#fff;--ground:#fff}body{opacity:0}</style><p>white</p>",
    "<style>p{} } .fb-total{display:none} {</style><p>unbalanced</p>",
    "<style>p),.fb-total{display:none} .x:is(p</style><p>unbalanced</p>",
    "<style>~ .fb-total, + p, :has(p) ~ *{display:none}</style><p>beside</p>",
    "<div style='position:fixed;inset:0;z-index:9;background:#fff'>35 of 35 points</div>",
    "<div style='margin-top:-90000px;background:#fff'>35 of 35 points</div>",
    "<div style='transform:translateY(-9000px)'>35 of 35 points</div>",
    "<h1 id=points class='fb-total'>35 of 35 points</h1>",
    "<div class='reading-idlib-check' role=status>Right</div>",
    "<div style='width:90000px'>wide</div>", "<img id=questions name=querySelector>",
    "</div></div></div></article></section></main><p class='fb-total'>35 of 35 points</p>",
]

MARKDOWN = [
    *HTML[:12], "[click](javascript:RUN)", "<javascript:RUN>", "[click]( javascript:RUN 'x')",
    "[click][1]\n\n[1]: javascript:RUN", "![picture](URL)", "![p](URL \"t\" onerror=RUN)",
    "[![p](URL)](URL)", "```\"><img src=x onerror=RUN>\ncode\n```", "$<img src=x onerror=RUN>$",
    "$$\n</code><script>RUN</script>\n$$", "\\begin{x}<img src=x onerror=RUN>\\end{x}",
    "| a |\n| --- |\n| <img src=x onerror=RUN> |", "# <img src=x onerror=RUN>",
    "<a href=\"jav&#x09;ascript:RUN\">x</a>", "```mermaid\ngraph; click A href \"URL\"\n```",
    "<div>\n\n<script>RUN</script>\n\n</div>", "`<img src=x onerror=RUN>`",
]

#: Outputs by MIME type.
DATA = [
    {"application/javascript": "RUN"}, {"text/javascript": "RUN", "text/plain": "script"},
    {"image/svg+xml": _SVG}, {"image/png": "AA\"><script>RUN</script>"},
    {"image/png": ["iVBOR\" onerror=\"RUN"]}, {"text/latex": "</code><script>RUN</script>"},
    {"text/markdown": _EVENT}, {"application/pdf": "JVBERi0="},
    {"text/html": ["<scr", "ipt>RUN</script>"]}, {"text/plain": "</pre><script>RUN</script>"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "<script>RUN</script>"}},
    {"text/vnd.mermaid": "graph TD; A[<img src=x onerror=RUN>]"},
    {"application/json": {"x": "<script>RUN</script>"}},
    {"image/png\"><script>RUN</script>": "AA", "text/plain": "x"},
]


def filled(text: str, run: str, url: str) -> str:
    """An entry with its trace and its address."""
    return text.replace("RUN", run).replace("URL", url)
