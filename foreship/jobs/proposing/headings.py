"""What columns and files of other programs are called, in five languages.

English, German, Dutch, French and Spanish; columns of SAP by their names there, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["bare", "counts_units", "headings_of", "is_heading", "may_name", "names_table"]


def _numbers_of(things: str) -> str:
    """Return how numbers of things are called: `articleno`, `noarticle`, `codearticle`, .."""
    behind = ("no", "nr", "num", "number", "nummer", "id", "code", "numero", "ref")
    before = ("no", "n", "num", "numero", "code", "cod", "codigo", "id", "ref", "reference")
    return " ".join(
        word
        for each in things.split()
        for word in (*(each + end for end in behind), *(start + each for start in before))
    )


STORES = (
    "region filiale store shop branch market magasin agence tienda sucursal zona zone filiaal "
    "winkel vestiging"
)
PLACES = (
    f"{STORES} {_numbers_of(f'{STORES} filial')} gebiet niederlassung shipto shiptoregion "
    "deliveryregion lieferregion verkaufsgebiet regio kunnr"
)
DEPOTS = "location warehouse site plant werk depot entrepot almacen emplacement lager locatie"
SITES = f"{PLACES} {DEPOTS} {_numbers_of(DEPOTS)} lagerort standort ubicacion hub magazijn werks"
CALLED = "item sku material ean gtin articulo"
NOT_SURELY = "article artikel product produkt produit producto"
"""may also be the names of items"""
ITEMS = (
    f"{CALLED} {_numbers_of(f'{CALLED} {NOT_SURELY}')} reference referencia ref codigo matnr "
    "codigodearticulo artnr"
)
TOWNS = "ort stadt city ville ciudad"
COUNT = (
    "quantity qty units kwmeng aantal hoeveelheid besteldehoeveelheid orderqty orderedqty "
    "quantityordered orderquantity menge bestellmenge "
    "auftragsmenge anzahl stuck stueck stuckzahl quantite qte qtecommandee cantidad cant unidades"
)
LYING = (
    "onhand qtyonhand onhandqty stock stockonhand stockqty bestand lagerbestand verfugbar "
    "freiverwendbar freiverwendbarerbestand labst quantityonhand voorraad vrijevoorraad "
    "verfugbarerbestand freierbestand stockdisponible stockphysique existencias disponible"
)
PAPERS = (
    "order auftrag bestellung beleg verkaufsbeleg salesorder document commande pedido verkooporder"
)
PARCEL_NO = (
    "order auftrag salesorder commande pedido verkaufsbeleg vbeln "
    f"{_numbers_of(f'{PAPERS} auftrags')} "
    "bestellnummer bestellnr bestelnummer npedido numpedido"
)
BUYERS = "customer kunde client cliente klant"
STRONG: Mapping[str, str] = MappingProxyType(
    {
        "orders.date": "orderdate dateordered auftragsdatum bestelldatum datecommande "
        "datedecommande orderdatum besteldatum audat fechapedido fechadepedido",
        "date": "date datum fecha jour tag day dia",
        "orders.region": PLACES,
        "region": PLACES,
        "location": SITES,
        "item": ITEMS,
        "quantity": COUNT,
        "stock.quantity": f"{LYING} {COUNT}",
        "orders.price": "price unitprice sellingprice preis einzelpreis stuckpreis stueckpreis "
        "verkaufspreis vkpreis vk nettopreis netpr itemrate verkoopprijs prijs stukprijs prix "
        "prixunitaire prixvente precio preciounitario",
        "price": "price listprice salesprice sellingprice retailprice unitprice preis "
        "verkaufspreis vkpreis vk listenpreis verkoopprijs prijs prix prixvente prixdevente "
        "precio preciodeventa pvp",
        "unit_cost": "unitcost cost costprice cogs purchaseprice einkaufspreis ekpreis ek "
        "einstandspreis selbstkosten inkoopprijs kostprijs prixachat prixdachat cout "
        "coutunitaire prixderevient coste "
        "costo costeunitario costounitario preciodecompra",
        "order_id": PARCEL_NO,
        "customer": f"{BUYERS} {_numbers_of(BUYERS)} kundennummer kundennr",
        "items.name": "name itemname productname description itemdescription bezeichnung "
        "artikelbezeichnung artikelname artikeltext omschrijving artikelomschrijving naam "
        "maktx materialkurztext libelle designation "
        "descripcion nombre descripcionarticulo",
        "regions.name": "name filiaalnaam naam storename branchname regionname filialname "
        "filialbezeichnung "
        "nommagasin nom nombre nombretienda bezeichnung",
        "hubs.name": "name naam hubname warehousename lagerbezeichnung bezeichnung nom nombre",
        "category": "category productgroup productcategory itemgroup warengruppe kategorie "
        "produktgruppe artikelgroep productgroep matkl famille categorie categoria familia",
        "volume": "volume volumen unitvolume stuckvolumen",
        "weight_kg": "weight weightkg unitweight gewicht gewichtkg stuckgewicht poids poidskg "
        "peso pesokg",
        "pack_size": "packsize casesize unitspercase casepack ve verpackungseinheit "
        "verpackungsmenge verpakkingseenheid colisage unidadesporcaja unidadescaja",
        "capacity": "capacity kapazitat lagerkapazitat capaciteit capacite capacidad",
        "hub": "hub hubid hublager zentrallager zl dc distributioncenter warehouse warehouseid "
        "magazijn lager lagernummer lagerort entrepot almacen",
        "origin": "origin from van fromlocation fromwarehouse sourcelocation shipfrom von "
        "versandlager abgangsort start origine depart origen "
        "desde",
        "destination": "destination to naar tolocation tostore destinationlocation shipto nach "
        "ziel zielort empfangsort arrivee destino hasta",
        "cost_per_unit": "costperunit unitfreight freightperunit kostenjestuck kostenprostuck "
        "frachtjestuck kostenperstuk vracht vrachtkosten stuckkosten fracht frachtkosten "
        "coutparunite coutunitaire "
        "costeporunidad costoporunidad",
        "lead_time_days": "leadtime leadtimedays transitdays transittime transittimedays laufzeit "
        "laufzeittage lieferzeit lieferzeittage levertijd doorlooptijd transportdauer delai "
        "delaijours plazo plazodias",
        "direct_cost": "directcost parcelcost parcel paketkosten paketpreis direktversand "
        "coutcolis costepaquete",
        "direct_days": "directdays parceldays pakettage paketlaufzeit",
        "arrival_date": "arrivaldate arrival eta expecteddate expectedarrival duedate liefertermin "
        "ankunft ankunftsdatum wareneingangsdatum datearrivee dateprevue fechallegada "
        "fechaprevista",
        "event": "event ereignis anlass evenement evento",
        "week": "week woche kw semaine semana",
    }
)
"""column, or table and column -> its headings, bare"""
WEAK: Mapping[str, str] = MappingProxyType(
    {
        "orders.date": "date datum belegdatum buchungsdatum documentdate postingdate fecha jour "
        "tag",
        "region": TOWNS,
        "location": TOWNS,
        "item": NOT_SURELY,
        "customer": "debitor soldto",
    }
)
"""headings that count where there is no better one"""
MAYBE: Mapping[str, str] = MappingProxyType({"region": SITES})
"""headings that are asked: orders may name the place from which they were served"""
FILES: Mapping[str, str] = MappingProxyType(
    {
        "orders": "order orders sales verkoop verkopen verkooporders bestellingen auftrag "
        "auftraege auftrage bestellung bestellungen verkauf "
        "verkaufe verkaeufe umsatz commande commandes ventes pedido pedidos ventas",
        "items": "item items article articles artikel artikelstamm produkt produkte product "
        "products produits material stammdaten articulo articulos productos",
        "regions": "region regions regionen filiale filialen store stores shops magasins tiendas",
        "hubs": "hub hubs lager zentrallager warehouse warehouses entrepots almacenes",
        "lanes": "lane lanes vracht tarieven shipping strecke strecken transport transporte "
        "fracht freight route routes "
        "relationen trajets rutas tarif tarife",
        "stock": "stock voorraad onhand bestand bestande bestaende lagerbestand inventory "
        "existencias stocks",
        "inbound": "inbound zulauf wareneingang unterwegs intransit encours entrante entrantes",
        "returns": "return returns retoure retouren retours devolucion devoluciones",
        "calendar": "calendar kalender feiertage calendrier calendario",
        "prices": "prices preise promotions aktionen prix precios",
    }
)
"""table -> words in the names of its files"""


def bare(heading: str) -> str:
    """Return a heading without case, accents, blanks and signs: `Artikel-Nr.` is `artikelnr`."""
    plain = unicodedata.normalize("NFKD", heading.casefold().replace("ß", "ss"))
    return re.sub(r"[^a-z0-9]", "", plain)


def headings_of(table: str, column: str, *, weak: bool = False) -> frozenset[str]:
    """Return the bare headings under which a column may stand."""
    words = WEAK if weak else STRONG
    found = words.get(f"{table}.{column}", words.get(column, ""))
    own = "" if weak else bare(column)
    return frozenset([*found.split(), *own.split()])


def may_name(table: str, column: str, heading: str) -> bool:
    """Whether words within a heading name a column: `Location On Hand` may be what is on hand."""
    words = headings_of(table, column) | headings_of(table, column, weak=True)
    words |= frozenset(MAYBE.get(column, "").split())
    parts = [bare(each) for each in _parts(heading)]
    joined = ("".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1))
    return any(each in words for each in joined)


def _parts(name: str) -> list[str]:
    """Return the words of a name, also of one such as `SalesOrders`."""
    return re.split(r"[\W_0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def is_heading(text: str) -> bool:
    """Whether a text is the heading of any column that is known."""
    return bare(text) in KNOWN


def counts_units(heading: str) -> bool:
    """Whether a heading is that of a number of units, lying or moved."""
    return bare(heading) in f"{LYING} {COUNT}".split()


def names_table(file: str, table: str) -> bool:
    """Whether the name of a file or sheet says what it holds."""
    parts = {bare(each) for each in _parts(file)}
    return bool(parts & {table, *FILES.get(table, "").split()})


KNOWN = frozenset(
    word for words in (STRONG, WEAK) for known in words.values() for word in known.split()
) | frozenset(bare(each.rsplit(".", maxsplit=1)[-1]) for each in STRONG)
