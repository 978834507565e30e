"""Headings over what belongs to a page and not to its text, in the languages of the larger Wikipedias."""

from __future__ import annotations

import re

from lessongen.text.words import fold

_NUMBERED = re.compile(r"^\d+(?:\.\d+)*\.?\s+")
_HEADINGS = frozenset(
    fold(heading)
    for line in (
        "References;External links;See also;Further reading;Notes;Notes and references",
        "References and notes;Footnotes;Citations;Bibliography;Sources;Works cited",
        "Explanatory notes;Informational notes;Endnotes;Gallery;Other websites;Related pages",
        "Related articles;Cited sources;General references;General and cited references",
        "External sources;Literature;Literature cited;Cited works;Primary sources",
        "Secondary sources;Sources and further reading;Image gallery;Einzelnachweise;Weblinks",
        "Siehe auch;Literatur;Anmerkungen;Quellen;Belege;Fußnoten;Galerie;Nachweise;Références",
        "Notes et références;Voir aussi;Liens externes;Bibliographie;Articles connexes",
        "Lien externe;Annexes;Sources et bibliographie;Annexe;Galerie d'images;Referencias",
        "Véase también;Enlaces externos;Bibliografía;Notas;Notas y referencias;Galería;Fuentes",
        "Note;Voci correlate;Altri progetti;Collegamenti esterni;Bibliografia;Note al testo",
        "Referências;Ver também;Ligações externas;Notas e referências;Referenties;Zie ook",
        "Externe links;Externe link;Literatuur;Bronnen;Noten;Bronnen, noten en/of referenties",
        "Przypisy;Zobacz też;Linki zewnętrzne;Uwagi;Referenser;Se även;Externa länkar;Källor",
        "Litteratur;Noter;Referencer;Se også;Eksterne henvisninger;Eksterne links;Kilder;Fodnoter",
        "Referanser;Eksterne lenker;Lähteet;Katso myös;Aiheesta muualla;Viitteet;Kirjallisuutta",
        "Reference;Související články;Externí odkazy;Literatura;Poznámky;Odkazy;Súvisiace články",
        "Zdroje;Примечания;См. также;Ссылки;Литература;Источники;Комментарии;Див. також",
        "Посилання;Примітки;Джерела;Література;Kaynakça;Ayrıca bakınız;Dış bağlantılar;Notlar",  # noqa: RUF001
        "Jegyzetek;Források;Külső hivatkozások;További információk;Lásd még;Kapcsolódó szócikkek",
        "Referințe;Vezi și;Legături externe;Bibliografie;Παραπομπές;Εξωτερικοί σύνδεσμοι",
        "Δείτε επίσης;Πηγές;Βιβλιογραφία;Σημειώσεις;Referències;Vegeu també;Enllaços externs",
        "Referensi;Lihat pula;Pranala luar;Catatan kaki;Rujukan;Pautan luar;Lihat juga;Tham khảo",
        "Xem thêm;Liên kết ngoài;Chú thích;المراجع;مراجع;انظر أيضا;انظر أيضًا;وصلات خارجية",
        "הערות שוליים;ראו גם;קישורים חיצוניים;لקריאה נוספת;منابع;جستارهای وابسته",
        "پیوند به بیرون;脚注;参考文献;関連項目;外部リンク;注釈;出典;参考资料;參考資料;外部链接;外部連結;参见",
        "參見;注释;註釋;延伸阅读;각주;같이 보기;외부 링크;참고 문헌;सन्दर्भ;इन्हें भी देखें",
        "बाहरी कड़ियाँ;อ้างอิง;แหล่งข้อมูลอื่น;ดูเพิ่ม",
    )
    for heading in line.split(";")
)


def is_appendix(heading: str) -> bool:
    """Whether what stands under a heading is a list of notes, links or books."""
    return fold(_NUMBERED.sub("", heading)).rstrip(" :.") in _HEADINGS
