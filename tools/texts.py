"""What start.py says: every message in one place, each with what to do next.

Plain characters only: all of it must survive a Windows console in code page 936.
"""

from __future__ import annotations

USAGE = """\
用法:
    python start.py                   建立运行环境,运行自带的示例,结果写到 演示/
    python start.py test [参数 ...]   建立开发环境,运行全部检查;参数原样交给 pytest
    python start.py bench [参数 ...]  运行 benchmarks/ 中的性能测量
    python start.py setup             只建立运行环境

运行环境放在本目录的 .venv 中,不改动系统里的任何东西;不需要时删去 .venv 即可。
"""

TOO_NEW = "提示:Python {version} 尚未试过(试过的是 3.11 至 3.13);继续进行,如有问题请换用 3.13。"
MAKING = "正在建立运行环境 {venv} ……"
REMAKING = "运行环境已不能用(Python 版本或目录变了,或上次没有装完),重新建立 {venv} ……"
INSTALLING = "正在安装所需的软件包,第一次约需一两分钟 ……"
FETCHING = "  取得 {name}"
READY = "运行环境已就绪。"
INTERRUPTED = "\n已中断。再次运行同一命令即可继续。"

NO_VENV_DEBIAN = """\
这个 Python 缺少建立运行环境所需的部件({parts})。请先安装:
    sudo apt-get install python3-venv python{version}-venv
然后重新运行同一命令。"""
NO_VENV_OTHER = """\
这个 Python 缺少建立运行环境所需的部件({parts})。
请换用完整安装的 Python 3.11 至 3.13(Windows 上用官方安装程序,不用嵌入版)。"""
VENV_FAILED = """\
无法建立运行环境 {venv}:
{detail}
请检查:本目录可以写入、磁盘有空间、路径中没有冒号或分号;然后重新运行同一命令。"""
NOT_REMOVED = """\
无法删去旧的运行环境 {venv}:{detail}
可能有程序正在使用它。请关闭使用它的命令行窗口和 Excel,再运行同一命令。"""
FOREIGN = """\
{venv} 已存在,但不是本程序建立的,Python 版本也不符(需要 {version})。
本程序不删除别人的东西:请把它改名或移走,然后重新运行同一命令。"""

PIP_OFFLINE = """\
安装没有完成:连不上软件包服务器。请任选一种办法:
  1. 检查网络;要经代理上网时,先设置环境变量 HTTPS_PROXY。
  2. 单位有内部镜像时,先设置环境变量 PIP_INDEX_URL 为镜像地址。
  3. 在一台能上网、系统和 Python 版本相同的电脑上,于本目录执行
         python -m pip download -d wheels {requirements}
     把得到的 wheels 文件夹拷到本目录;有它时只从它安装,不再联网。
然后重新运行同一命令。详细记录:{log}"""
PIP_DISK = "安装没有完成:磁盘空间不足。请腾出至少 1 GB 后重新运行同一命令。详细记录:{log}"
PIP_DENIED = "安装没有完成:没有写入权限。请把本目录放到自己可以写入的地方。详细记录:{log}"
PIP_FAILED = """\
安装没有完成。pip 的说明:
{detail}
请按说明处理后重新运行同一命令;仍不成功时,请连同 {log} 一起反映。"""

NO_BENCHMARKS = "benchmarks/ 中还没有性能测量。"
STEP_PASSED = "通过    {name}({seconds:.1f} 秒)"
STEP_FAILED = "未通过  {name}({seconds:.1f} 秒)"
TESTING = "测试    pytest {arguments}"
ALSO_FAILED = "测试之外未通过:{names}(说明见上)"
