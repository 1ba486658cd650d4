//! What words in addresses are: streets, companies, kinds of facilities, abbreviations.
//!
//! All words are folded. The lists are Dray's own.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::Text;

/// Words that say what kind of facility or organization it is, and nothing about where.
const NOISE: &str = "\
    address adresse direccion indirizzo endereco adres alamat customer client cliente kunde klant \
    supplier proveedor fournisseur lieferant vendor consignee shipper sender receiver recipient final \
    origin origen destination destino pickup delivery entrega recogida hub hubs warehouse warehouses \
    whse wh almacen almacenes magazzino magazzini deposito depot depo entrepot lager lagerhaus magazijn \
    magazyn sklad raktar depozit armazem armazens antrepo gudang склад tower building bldg edificio \
    gebaude nave naves hall halle dock docks muelle gate puerta unit units suite ste floor piso planta \
    plant factory fabrik fabrica usine works werk mill site office oficina distribution distribucion \
    distribuzione distribuicao distributie vertriebszentrum verteilzentrum distributionszentrum \
    fulfillment fulfilment center centre centro zentrum centrum logistic logistics logistico logistica \
    logistik logistikzentrum logistique logistiek logistyka plateforme platform plataforma piattaforma \
    terminal terminals cross crossdock freight cargo shipping transport transporte transportes \
    transports spedition company empresa firma group grupo gruppe store tienda shop mall market main \
    head headquarters hq sede central attn tel phone fax po box apartado postfach bp cp zip plz cap cep \
    pin pincode postcode postal code codigo cedex no nr num numero n near opp behind next to via from c \
    o and y und et the industrial industriale industrielle industrie manufacturing inland container icd \
    cfs bonded yard station rail railway bahnhof gare stazione estacion free zone stock storage goods \
    parcel sorting spoke branch sucursal agencia agency filiale regional national international \
    internacional new old test demo example ejemplo sample point stop unknown none null na tbd tbc hallo hello home \
    house casa haus door north south east west norte sur sul este oeste nord sud ost ouest est ovest \
    zuid oost noord logistyczne dystrybucyjne merkezi lojistik depolama 倉庫 仓库 物流 中心 工場 工厂 센터 물류 창고 \
    مستودع مخزن warehousing";

/// Words that say what region or settlement a name is.
const MARKERS: &str = "\
    city town village ciudad cidade ville stadt municipio municipality provincia province prov state \
    estado region county district distrito dist kota kabupaten kab kec tp thanh pho г гор город обл \
    область край р н м місто gmina powiat mesto obec il ilce ilcesi metro metropolitan area greater gran \
    of de del la в di da do taluka taluk tal tehsil mandal muang amphoe mueang changwat 市 県 府 都 省 县 縣 區 \
    区 州 町 村 เมือง จังหวัด مدينه";

/// Words after which a street or estate is named.
const STREET_BEFORE: &str = "\
    calle cl cll cra carrera avenida avda avd av ave avinguda paseo passeig pza plaza plaça placa \
    carretera ctra crta autovia autopista camino cami ronda travesia carrer poligono pol pg pi parque pq \
    parc zi za zac zone rue r boulevard bd blvd quai chemin allee allees route impasse place cours \
    faubourg fbg strada viale vle corso piazza pzza piazzale largo vicolo contrada localita loc rua \
    travessa rodovia rod estrada alameda praca ul ulica aleja al os osiedle ulitsa ул улица просп \
    проспект пр пер переулок шоссе ш наб набережная бул вул вулиця str soseaua sos bulevardul calea \
    jalan jl jln lorong duong pho soi thanon gewerbegebiet industriegebiet gewerbepark industriepark \
    industrieterrein bedrijventerrein bedrijvenpark zona km kms am im an zum zur c sector lot lote plot \
    block blk survey khasra gat parcela mz manzana colonia col fracc fraccionamiento barrio bairro urb \
    urbanizacion residencial apt apartment flat room shop highway hwy nh sh interstate شارع طريق خيابان \
    οδος οδ λεωφ λεωφορος רחוב";

/// Words before which a street is named.
const STREET_AFTER: &str = "\
    street st str strasse road rd avenue ave av boulevard blvd lane ln drive dr way court ct parkway \
    pkwy highway hwy place pl square sq crescent cres close terrace ter circle cir trail trl turnpike \
    pike expressway expy freeway fwy loop row quay wharf estate park weg platz allee damm ring ufer \
    gasse chaussee straat laan plein kade dijk singel gracht gate gata gatan vagen vej gade vei katu tie \
    utca ut utja korut ulica ulice trida namesti namestie cesta bulvar bulvari caddesi cad cd sokak \
    sokagi sok mahallesi mah mh yolu marg nagar path chowk улица ул проспект шоссе переулок sk iela \
    gatve prospektas 로 길 路 街 道 巷 弄 号 號 大街 大道 丁目 番地 番 通り ถนน ซอย";

/// Endings of words that are street names by themselves: `Bahnhofstrasse`.
const STREET_ENDINGS: &[&str] = &[
    "strasse", "straat", "str", "weg", "platz", "allee", "gasse", "damm", "ufer", "laan", "plein", "kade",
    "dijk", "gatan", "vagen", "vej", "gade", "veien", "gata", "katu", "utca", "ring", "steenweg",
];
/// Words with these endings that are no streets are shorter than this.
const SHORTEST_STREET: usize = 8;

/// Legal forms of companies.
const COMPANY: &str = "\
    gmbh ag kg sl slu sa sau sas sarl srl spa ltd limited llc inc corp corporation bv nv plc oy ab aps \
    pvt pty co sp zoo kft zrt doo dd ооо зао ао оао tbk bhd sdn jsc lda ltda cv sc se eg ohg 株式会社 有限公司";

/// Words that say that a port is meant.
const PORT: &str = "\
    port ports puerto pto porto hafen seehafen haven zeehaven harbour harbor seaport hamn havn satama \
    liman limani luka pelabuhan порт порту λιμανι λιμενασ ميناء مرفا cang portuaria maritimo maritima \
    ท่าเรือ";

/// Words that say that an airport is meant.
const AIRPORT: &str = "\
    airport aeropuerto aeroporto aeroport flughafen luchthaven lufthavn flygplats lentoasema lotnisko \
    letiste letisko repuloter havalimani havaalani aerodrom aeropuertos bandara аэропорт аеропорт \
    аэропорту αεροδρομιο مطار 機場 机场 空港 공항 aircargo ท่าอากาศยาน";

/// What a word is in addresses, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kinds(u8);

impl Kinds {
    /// It says what kind of facility it is, and nothing about where.
    pub(super) const NOISE: Self = Self(1);
    /// It says what kind of a place a name is.
    pub(super) const MARKER: Self = Self(2);
    /// A street or an estate is named after it.
    pub(super) const STREET_BEFORE: Self = Self(4);
    /// A street is named before it.
    pub(super) const STREET_AFTER: Self = Self(8);
    /// It is a company's legal form.
    pub(super) const COMPANY: Self = Self(16);
    /// It says that a port is meant.
    pub(super) const PORT: Self = Self(32);
    /// It says that an airport is meant.
    pub(super) const AIRPORT: Self = Self(64);
    /// It is a street's name by itself.
    pub(super) const STREET_NAME: Self = Self(128);

    /// What a folded word is.
    pub(super) fn of(word: &str) -> Self {
        let listed = VOCABULARY.get(word).copied().unwrap_or_default();
        let street =
            word.len() >= SHORTEST_STREET && STREET_ENDINGS.iter().any(|ending| word.ends_with(ending));
        if street { listed.and(Self::STREET_NAME) } else { listed }
    }

    pub(super) const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    const fn and(self, kind: Self) -> Self {
        Self(self.0 | kind.0)
    }
}

static VOCABULARY: LazyLock<HashMap<&'static str, Kinds>> = LazyLock::new(|| {
    let lists = [
        (NOISE, Kinds::NOISE),
        (MARKERS, Kinds::MARKER),
        (STREET_BEFORE, Kinds::STREET_BEFORE),
        (STREET_AFTER, Kinds::STREET_AFTER),
        (COMPANY, Kinds::COMPANY),
        (PORT, Kinds::PORT),
        (AIRPORT, Kinds::AIRPORT),
    ];
    let mut vocabulary: HashMap<&'static str, Kinds> = HashMap::new();
    for (list, kind) in lists {
        for word in list.split_whitespace() {
            let known = vocabulary.entry(word).or_default();
            *known = known.and(kind);
        }
    }
    vocabulary
});

/// What a word may stand for within a place's name.
pub(super) fn expansions(word: &str) -> &'static [&'static str] {
    match word {
        "st" => &["saint", "sankt", "sint"],
        "ste" => &["sainte", "sankte"],
        "sta" => &["santa"],
        "sto" => &["santo"],
        "s" => &["san", "sao", "sant"],
        "mt" => &["mount", "mont"],
        "ft" => &["fort"],
        "pt" => &["port", "point"],
        "pto" => &["puerto", "porto"],
        "cd" => &["ciudad"],
        "gral" => &["general"],
        "cnel" => &["coronel"],
        "vva" => &["villanueva"],
        "hdad" => &["hermandad"],
        "a" => &["am", "an"],
        "d" => &["der", "de", "den"],
        "b" => &["bei"],
        "i" => &["im", "in"],
        "o" => &["ob"],
        "tg" => &["tanjung"],
        "pg" => &["penang"],
        "п" => &["поселок"],
        "с" => &["санкт"],
        "спб" => &["санкт петербург"],
        _ => &[],
    }
}

/// Whether a query in a script without blanks says that a port or an airport is meant.
pub(super) fn says_spaceless(text: &Text<'_>, kind: Kinds) -> bool {
    let words: &[&str] = match kind {
        Kinds::PORT => &["码头", "碼頭", "埠頭", "ふ頭", "港口", "海港", "항만", "부두", "ท่าเรือ"],
        Kinds::AIRPORT => &["机场", "機場", "空港", "공항", "ท่าอากาศยาน", "สนามบิน"],
        _ => &[],
    };
    !text.raw.is_ascii() && words.iter().any(|word| text.raw.contains(word))
}

/// Endings of Korean words that say what kind of a place it is.
pub(super) const KOREAN_ENDINGS: &[&str] = &[
    "국제공항",
    "공항",
    "특별자치시",
    "특별자치도",
    "특별시",
    "광역시",
    "시",
    "군",
    "구",
    "도",
    "읍",
    "면",
    "동",
];
