"""This module declares the asylum register: PostgreSQL, names in two scripts, fingerprints, hard deletes."""

from adapters.conversions import dates
from adapters.declaration import Adapter, Images, Lookup, NameColumns, Sql, Stream, Surrogate
from adapters.row import Row
from contracts.identity import DocumentRef, DocumentType, IdentityData, NameKind, PersonName, Sex, document_number
from contracts.records import FingerPosition, FingerprintV1, PersonCategory, PersonV1

SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "other": Sex.UNSPECIFIED, None: Sex.UNKNOWN, "": Sex.UNKNOWN}
TYPES = {
    "passport": DocumentType.PASSPORT,
    "identity card": DocumentType.IDENTITY_CARD,
    "residence permit": DocumentType.RESIDENCE_PERMIT,
}
COMPARE_S = 5  # rows are deleted without a trace, and somebody must not be found under a deleted one for long


def names(row: Row) -> tuple[PersonName, ...]:
    """Read the name in Latin letters, the one written at home, and the aliases."""
    latin = PersonName(family=row["family_name_latin"], given=row["given_name_latin"] or None, script="Latn")
    native = []
    if row["family_name"] or row["given_name"]:
        native.append(
            PersonName(
                family=row["family_name"] or None,
                given=row["given_name"] or None,
                script=row["script"] or None,
            )
        )
    return (latin, *native, *(PersonName(full=alias, kind=NameKind.ALIAS) for alias in row["aliases"]))


def applicant(row: Row) -> PersonV1:
    """Map an applicant's case."""
    number = document_number(row["document_number"] or "")
    return PersonV1(
        **row.own,
        subject=row.subject("applicant", row["id"]),
        identity=IdentityData(
            names=names(row),
            birth_dates=dates.some(dates.parts(row["birth_year"], row["birth_month"], row["birth_day"])),
            birth_place=row.text("birth_place"),
            sex=SEXES[row["sex"]],
            nationalities=(row["citizenship"],) if row["citizenship"] else (),
        ),
        category=PersonCategory.ASYLUM_APPLICANT,
        documents=(
            DocumentRef(
                number=number,
                type=TYPES.get(row["document_kind"], DocumentType.OTHER),
                issuer=row["document_country"] or None,
            ),
        )
        if number
        else (),
    )


def finger(row: Row) -> FingerprintV1:
    """Map one finger; its image stays here, what goes out is the template that was made of it."""
    return FingerprintV1(
        **row.own,
        subject=row.subject("applicant", row["applicant_id"]),
        encounter=row.text("encounter"),
        position=FingerPosition(row["position"]),
        templates=row.templates,
        captured_at=dates.utc(row["taken_at"]),
    )


ADAPTER = Adapter(
    system="asylum",
    owner="Asylum office, register of applicants",
    purpose="asylum-procedure",
    legal_basis="Regulation (EU) 2024/1358, art. 15",
    streams=(
        Stream(
            "applicant",
            PersonV1,
            Sql("applicants", compare_s=COMPARE_S),
            key=Surrogate("id"),
            map=applicant,
            lookup=Lookup(
                names=(
                    NameColumns(family="family_name_latin", given="given_name_latin"),
                    NameColumns(family="family_name", given="given_name"),
                ),
                birth=("birth_year", "{year}"),
                document="document_number",
            ),
        ),
        Stream(
            "fingerprint",
            FingerprintV1,
            Sql("applicant_fingerprints", compare_s=COMPARE_S),
            key=Surrogate("id"),
            map=finger,
            images=Images("image", dpi=500),
        ),
    ),
)
