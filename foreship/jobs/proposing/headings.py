"""What columns and files of other programs are called, in English, German, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["bare", "counts_units", "headings_of", "is_heading", "names_table"]

PLACES = (
    "region filiale filialnummer filialnr store storeid storeno shop branch market gebiet "
    "niederlassung shipto shiptoregion deliveryregion lieferregion magasin agence region "
    "tienda sucursal zona zone verkaufsgebiet"
)
SITES = (
    f"{PLACES} location locationid lagerort lager standort warehouse site plant werk depot "
    "entrepot almacen emplacement ubicacion hub"
)
ITEMS = (
    "item itemid itemno itemnumber itemcode sku skuid artikelnummer artikelnr artnr artikelid "
    "material materialnummer materialno materialnumber matnr productid productcode productno "
    "produktnummer produktnr reference referencearticle codearticle refarticle numeroarticle ref "
    "articulo codigo codigoarticulo codarticulo referencia ean gtin"
)
TOWNS = "ort stadt city ville ciudad"
COUNT = (
    "quantity qty units orderqty orderedqty quantityordered orderquantity menge bestellmenge "
    "auftragsmenge anzahl stuck stueck stuckzahl quantite qte qtecommandee cantidad cant unidades"
)
LYING = (
    "onhand qtyonhand onhandqty stock stockonhand stockqty bestand lagerbestand verfugbar "
    "verfugbarerbestand freierbestand stockdisponible stockphysique existencias disponible"
)
PARCEL_NO = (
    "orderid orderno ordernumber order auftragsnummer auftragsnr auftrag bestellnummer bestellnr "
    "belegnummer belegnr salesorder numerocommande ncommande nocommande commande pedido "
    "numeropedido npedido numpedido"
)
STRONG: Mapping[str, str] = MappingProxyType(
    {
        "orders.date": "orderdate dateordered auftragsdatum bestelldatum datecommande "
        "datedecommande fechapedido fechadepedido",
        "date": "date datum fecha jour tag day dia",
        "orders.region": PLACES,
        "region": PLACES,
        "location": SITES,
        "item": ITEMS,
        "quantity": COUNT,
        "stock.quantity": f"{LYING} {COUNT}",
        "orders.price": "price unitprice sellingprice preis einzelpreis stuckpreis stueckpreis "
        "verkaufspreis vkpreis vk nettopreis prix prixunitaire prixvente precio preciounitario",
        "price": "price listprice salesprice sellingprice retailprice unitprice preis "
        "verkaufspreis vkpreis vk listenpreis prix prixvente prixdevente precio preciodeventa pvp",
        "unit_cost": "unitcost cost costprice cogs purchaseprice einkaufspreis ekpreis ek "
        "einstandspreis selbstkosten prixachat prixdachat cout coutunitaire prixderevient coste "
        "costo costeunitario costounitario preciodecompra",
        "order_id": PARCEL_NO,
        "customer": "customer customerid customerno customernumber kunde kundennummer kundennr "
        "client clientid numeroclient codeclient cliente codigocliente idcliente",
        "items.name": "name itemname productname description itemdescription bezeichnung "
        "artikelbezeichnung artikelname artikeltext materialkurztext libelle designation "
        "descripcion nombre descripcionarticulo",
        "regions.name": "name storename branchname regionname filialname filialbezeichnung "
        "nommagasin nom nombre nombretienda bezeichnung",
        "hubs.name": "name hubname warehousename lagerbezeichnung bezeichnung nom nombre",
        "category": "category productgroup productcategory itemgroup warengruppe kategorie "
        "produktgruppe famille categorie categoria familia",
        "volume": "volume volumen unitvolume stuckvolumen",
        "weight_kg": "weight weightkg unitweight gewicht gewichtkg stuckgewicht poids poidskg "
        "peso pesokg",
        "pack_size": "packsize casesize unitspercase casepack ve verpackungseinheit "
        "verpackungsmenge colisage unidadesporcaja unidadescaja",
        "capacity": "capacity kapazitat lagerkapazitat capacite capacidad",
        "hub": "hub hubid hublager zentrallager zl dc distributioncenter warehouse warehouseid "
        "lager lagernummer lagerort entrepot almacen",
        "origin": "origin from shipfrom von versandlager abgangsort start origine depart origen "
        "desde",
        "destination": "destination to shipto nach ziel zielort empfangsort arrivee destino hasta",
        "cost_per_unit": "costperunit unitfreight freightperunit kostenjestuck kostenprostuck "
        "frachtjestuck stuckkosten fracht frachtkosten coutparunite coutunitaire "
        "costeporunidad costoporunidad",
        "lead_time_days": "leadtime leadtimedays transitdays transittime transittimedays laufzeit "
        "laufzeittage lieferzeit lieferzeittage transportdauer delai delaijours plazo plazodias",
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
        "item": "article artikel produkt product produit producto",
        "customer": "debitor soldto",
    }
)
"""headings that count where there is no better one"""
FILES: Mapping[str, str] = MappingProxyType(
    {
        "orders": "order orders sales auftrag auftraege auftrage bestellung bestellungen verkauf "
        "verkaufe verkaeufe umsatz commande commandes ventes pedido pedidos ventas",
        "items": "item items article articles artikel artikelstamm produkt produkte product "
        "products produits material stammdaten articulo articulos productos",
        "regions": "region regions regionen filiale filialen store stores shops magasins tiendas",
        "hubs": "hub hubs lager zentrallager warehouse warehouses entrepots almacenes",
        "lanes": "lane lanes strecke strecken transport transporte fracht freight route routes "
        "relationen trajets rutas tarif tarife",
        "stock": "stock bestand bestande bestaende lagerbestand inventory existencias stocks",
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


def is_heading(text: str) -> bool:
    """Whether a text is the heading of any column that is known."""
    return bare(text) in KNOWN


def counts_units(heading: str) -> bool:
    """Whether a heading is that of a number of units, lying or moved."""
    return bare(heading) in f"{LYING} {COUNT}".split()


def names_table(file: str, table: str) -> bool:
    """Whether the name of a file or sheet says what it holds."""
    parts = {bare(each) for each in re.split(r"[\W_0-9]+", file)}
    return bool(parts & {table, *FILES.get(table, "").split()})


KNOWN = frozenset(
    word for words in (STRONG, WEAK) for known in words.values() for word in known.split()
) | frozenset(bare(each.rsplit(".", maxsplit=1)[-1]) for each in STRONG)
