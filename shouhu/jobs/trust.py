"""
One page over plain http that tells a phone how to trust the office's certificate, and the certificate itself. Nothing else.

Plain http can be forged on the way, so the page asks people to compare the fingerprint with the one on the server's screen.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import segno
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from shouhu.jobs.https import Certificate

_STYLE = """
body{margin:0 auto;max-width:34em;padding:1em;font:18px/1.7 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1c2b39}
h1{font-size:1.4em}h2{font-size:1.1em;margin:1.6em 0 .3em;color:#17507a}ol{padding-left:1.4em}
a.go{display:block;margin:1em 0;padding:.7em;background:#17507a;color:#fff;text-align:center;border-radius:6px;text-decoration:none}
code{word-break:break-all;background:#e7f0f7;padding:.1em .3em}figure{margin:1em 0;text-align:center}
figcaption{font-size:.85em;color:#4f5b67}svg{width:12em;height:12em}
"""
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>让手机信任守护</title><style>{style}</style></head><body>
<h1>让手机、电脑信任本单位的守护</h1>
<p>守护装在本单位自己的电脑上，证书也由它自己签发。每台手机、电脑信任一次，以后打开就不再提示，入户摸排也才能离线填写。</p>
<a class="go" href="/shouhu.crt">① 下载证书</a>
<p>② 核对证书的 SHA-256 指纹，要与守护所在电脑屏幕上显示的一样；不一样就不要安装，告诉系统管理员：<br><code>{fingerprint}</code></p>
<p>③ 按下面的步骤安装，然后打开守护：</p>
<h2>安卓手机</h2>
<ol><li>打开“设置”，搜索“CA 证书”（多在“安全”→“加密与凭据”→“安装证书”）。</li>
<li>选“CA 证书”→“仍然安装”，再选刚下载的 shouhu.crt。</li></ol>
<h2>苹果手机</h2>
<ol><li>用自带的 Safari 打开本页并下载，允许下载配置描述文件。</li>
<li>“设置”最上方点“已下载描述文件”→“安装”。</li>
<li>“设置”→“通用”→“关于本机”→“证书信任设置”，打开“{name}”的开关。</li></ol>
<h2>Windows 电脑</h2>
<ol><li>双击下载的 shouhu.crt →“安装证书”→“当前用户”。</li>
<li>选“将所有的证书都放入下列存储”→“浏览”→“受信任的根证书颁发机构”→ 完成。</li></ol>
<h2>统信 UOS、麒麟等 Linux 电脑</h2>
<ol><li>在浏览器“设置”里搜索“证书”→“管理证书”→“授权机构（证书颁发机构）”→ 导入 shouhu.crt，勾选信任它标识网站。</li></ol>
<a class="go" href="{desk}">④ 打开守护</a>
<figure>{code}<figcaption>{desk}</figcaption></figure>
</body></html>
"""


class TrustPage(ThreadingHTTPServer):
    """Serves the page and the certificate; every other address is not found."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], certificate: Certificate, desk: str) -> None:
        assert certificate.authority is not None
        authority = x509.load_pem_x509_certificate(certificate.authority.read_bytes())
        page = _PAGE.format(
            style=_STYLE, fingerprint=certificate.fingerprint, desk=escape(desk),
            name=escape(str(authority.subject.rfc4514_string().split("CN=")[-1].split(",")[0])),
            code=segno.make(desk, micro=False).svg_inline(omitsize=True, border=2),
        )  # fmt: skip
        self.answers = {
            "/": ("text/html; charset=utf-8", page.encode()),
            "/shouhu.crt": ("application/x-x509-ca-cert", authority.public_bytes(Encoding.DER)),
        }
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: TrustPage
    server_version, sys_version = "shouhu", ""
    timeout = 10

    def do_GET(self) -> None:
        """Answer with one of the two things there are."""
        kind, body = self.server.answers.get(self.path, ("text/plain; charset=utf-8", "没有这个页面".encode()))
        self.send_response(200 if self.path in self.server.answers else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep no record of who asked."""


def code_on_terminal(address: str, write: Callable[[str], None]) -> None:
    """This function will draw an address as a QR code out of characters."""
    import io

    drawn = io.StringIO()
    segno.make(address, micro=False).terminal(out=drawn, compact=True, border=2)
    write(drawn.getvalue())
