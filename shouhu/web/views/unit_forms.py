"""Forms of the unit pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shouhu.engines.rules import rulesets
from shouhu.ledgers.units.coordinates import SYSTEMS
from shouhu.ledgers.units.models import KINDS
from shouhu.ledgers.units.rights import roles

DAY = {"type": "date"}
ROLES = [(role.code, format_lazy("{}{}{}", _(role.title), _("："), _(role.says))) for role in roles().values()]


class DayForm(forms.Form):
    """A day from which something holds."""

    on = forms.DateField(label=_("自哪一天起"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))


class UnitForm(forms.Form):
    """An office."""

    name = forms.CharField(label=_("单位名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类型"), choices=list(KINDS.items()))
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False, help_text=_("加密保存"))


class GridForm(forms.Form):
    """A grid."""

    code = forms.CharField(label=_("网格编码"), max_length=15, help_text=_("所在村居12位代码加3位数字"))
    name = forms.CharField(label=_("网格名称"), max_length=60)


class DivisionForm(DayForm):
    """A new name or code of a division."""

    name = forms.CharField(label=_("新名称"), max_length=60, help_text=_("并入另一个区划的，名称以那个区划为准"))
    new_code = forms.CharField(
        label=_("新代码"), max_length=12, required=False,
        help_text=_("12位。只改名称的不用动；撤并的填并入区划的代码（先把下级区划逐个改到新的代码下）"),
    )  # fmt: skip
    field_order = ("name", "new_code", "on")

    def clean_new_code(self) -> str:
        """This function will take nothing for the code that the division has."""
        return self.cleaned_data["new_code"].strip() or str(self.initial["new_code"])


class PostForm(forms.Form):
    """A post."""

    title = forms.CharField(label=_("岗位名称"), max_length=60, help_text=_("例如：专班综合岗"))
    role = forms.ChoiceField(label=_("角色"), choices=ROLES, help_text=_("角色决定能看什么、能办什么"))
    grid = forms.ChoiceField(label=_("网格"), required=False, help_text=_("只有网格员岗位选择"))
    institution = forms.CharField(label=_("机构编号"), max_length=20, required=False, help_text=_("只有机构账号填写"))
    is_liaison = forms.BooleanField(label=_("是本单位联络员"), required=False)

    def __init__(self, grids: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid"].choices = [("", "—"), *grids]  # type: ignore[attr-defined]


class AppointForm(DayForm):
    """Who shall hold a post."""

    username = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("此人须已有账号；没有的，先在“人员”里新建")
    )
    field_order = ("username", "on")


class PersonForm(forms.Form):
    """A person; the log-in name cannot be changed later."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("小写字母开头，3至40位小写字母、数字、点、横线或下划线")
    )
    phone = forms.CharField(label=_("手机号"), max_length=40, required=False, help_text=_("加密保存"))


class PersonEditForm(PersonForm):
    """A person's name and telephone."""

    username = None  # type: ignore[assignment]


class UploadForm(forms.Form):
    """A file to import; for boundaries also what only the person can know."""

    KINDS = (
        ("staff", _("单位、岗位和人员（工作簿）")),
        ("divisions", _("镇街和村居（代码、名称的表格）")),
        ("boundaries", _("区划边界（GeoJSON）")),
    )
    kind = forms.ChoiceField(label=_("导入什么"), choices=KINDS, widget=forms.RadioSelect, initial="staff")
    file = forms.FileField(
        label=_("文件"), help_text=_("表格：.xlsx、.xls、.ods、.csv；边界：.geojson、.json，不超过 50 MB")
    )
    system = forms.ChoiceField(
        label=_("边界的坐标系"), choices=[("", "—"), *SYSTEMS.items()], required=False,
        help_text=_("只有导入边界时填写。请向提供数据的单位问明，不能猜：弄错会偏移几百米"),
    )  # fmt: skip
    field = forms.CharField(
        label=_("边界的代码属性"),
        max_length=40,
        required=False,
        initial="code",
        help_text=_("要素属性中存放区划代码的那一项的名字"),
    )

    def clean(self) -> dict[str, Any]:
        """This function will ask for the coordinate system of boundaries."""
        filled = super().clean() or {}
        if filled.get("kind") == "boundaries":
            if not filled.get("system"):
                self.add_error("system", _("请选择边界的坐标系"))
            if not filled.get("field"):
                self.add_error("field", _("请填写代码所在的属性名"))
        upload = filled.get("file")
        if upload and upload.size > 50 * 1024 * 1024:
            self.add_error("file", _("文件超过 50 MB，请分成几个文件"))
        return filled


class CampaignForm(forms.Form):
    """A campaign."""

    title = forms.CharField(label=_("专项行动名称"), max_length=80)
    ruleset_id = forms.ChoiceField(label=_("主用规则"), help_text=_("名单颜色以此为准；其他规则可对照查看"))
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("结束日期"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        loaded = (rulesets.load(one) for one in rulesets.SHIPPED)
        self.fields["ruleset_id"].choices = [(one.id, one.title) for one in loaded if one.scale == "colours"]  # type: ignore[attr-defined]
