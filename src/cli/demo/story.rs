//! The pieces that make the story, and those that ran instead. Invented text throughout.

use jiff::SignedDuration;

use super::prose::{self, Register, Tongue};
use super::world::{Comments, Item, later, moment};

struct Piece {
    at: &'static str,
    path: &'static str,
    title: &'static str,
    comments: Comments,
    length: usize,
    tongue: Tongue,
}

fn item(piece: &Piece, given: &[&str]) -> Item {
    let given: Vec<String> = given.iter().map(|paragraph| (*paragraph).to_owned()).collect();
    Item {
        at: moment(piece.at),
        path: piece.path.to_owned(),
        title: piece.title.to_owned(),
        paragraphs: prose::passage(
            piece.tongue,
            Register::Background,
            &given,
            piece.length,
            piece.length as u64,
        ),
        comments: piece.comments,
        credit: None,
        update: None,
    }
}

const XINHUA: [&str; 5] = [
    "新华网平壤12月15日电 法国与朝鲜15日同意加深文化领域的合作，并将此视为两国建立外交关系的一步。",
    "法国总统特使雅克·朗当天结束对朝鲜的访问。他在平壤对记者表示，双方商定建立经济、文化和语言合作的常设机制，法国方面正研究在平壤设立文化合作办事处。",
    "朝鲜外务省一名官员说，加强文化交流符合两国人民的共同利益，朝方愿意在相互尊重的基础上发展同法国的关系。",
    "法国是尚未同朝鲜建交的少数欧洲国家之一。两国自上世纪八十年代起在彼此首都设有代表机构，近年来在考古、语言教学和电影方面有过往来。",
    "雅克·朗此行共五天，先后参观了一座图书馆和一所外国语大学，并同朝方讨论了派遣法语教师以及学生奖学金的安排。",
];

pub fn xinhua() -> Item {
    let piece = Piece {
        at: "2009-12-15T13:40:00Z",
        path: "/world/2009-12/15/c_12651100.htm",
        title: "法国与朝鲜同意加深文化合作",
        comments: Comments::None,
        length: 412,
        tongue: Tongue::Chinese,
    };
    item(&piece, &XINHUA)
}

/// Xinhua's text but for the opening and three characters: a reprint.
pub fn people() -> Item {
    let text = xinhua().paragraphs.join("\n");
    let text = text
        .replacen("新华网平壤12月15日电", "人民网讯", 1)
        .replacen("两国人民的共同利益", "两国共同利益", 1);
    Item {
        at: moment("2009-12-15T15:05:00Z"),
        path: "/GB/2009/1215/10586700.html".to_owned(),
        title: "法国同朝鲜加深文化合作".to_owned(),
        paragraphs: text.lines().map(str::to_owned).collect(),
        comments: Comments::Open(0),
        credit: None,
        update: None,
    }
}

/// Takes a third of its text from Xinhua and adds its own.
pub fn huanqiu() -> Item {
    let piece = Piece {
        at: "2009-12-16T01:12:00Z",
        path: "/article/9CaKrnJmTdx",
        title: "法朝拟深化文化交流 为建交铺路",
        comments: Comments::Closed,
        length: 1126,
        tongue: Tongue::Chinese,
    };
    let own = [
        "环球网综合报道，法国与朝鲜日前就深化文化交流达成一致，外界认为这是为两国建交铺路。两国民众对这条消息反应平淡。",
        "有评论称，法国一直主张半岛无核化，安理会第1874号决议通过以后，法方在对朝问题上的措辞更为谨慎，此次文化协议因此显得颇为突然。",
    ];
    let mut taken: Vec<String> = xinhua().paragraphs.split_off(1);
    if let Some(last) = taken.last_mut() {
        // The agency's last two sentences are left out.
        let ends: Vec<usize> = last.match_indices('。').map(|(at, stop)| at + stop.len()).collect();
        last.truncate(ends.iter().rev().nth(2).copied().unwrap_or(last.len()));
    }
    // The desk's own hand in the agency's words.
    for paragraph in &mut taken {
        *paragraph = paragraph.replacen("一名官员说", "官员称", 1);
    }
    let mut given: Vec<&str> = own.to_vec();
    given.extend(taken.iter().map(String::as_str));
    item(&piece, &given)
}

pub fn liberation() -> Item {
    let piece = Piece {
        at: "2009-12-16T14:30:00Z",
        path: "/monde/0101608900-la-france-va-ouvrir-un-bureau-a-pyongyang",
        title: "La France va ouvrir un bureau culturel à Pyongyang",
        comments: Comments::Open(14),
        length: 188,
        tongue: Tongue::French,
    };
    let mut item = item(
        &piece,
        &[
            "La France et la Corée du Nord sont convenues d’un accord de coopération culturelle, a indiqué mercredi Jack Lang à son retour de Pyongyang.",
            "L’envoyé spécial du président a parlé d’un bureau qui aurait la charge de l’enseignement du français et des échanges universitaires. Paris n’a pas de relations diplomatiques avec ce pays.",
        ],
    );
    item.credit = Some("AFP");
    item
}

pub fn own() -> Item {
    let update = "UPDATE: This morning's Le Monde carries a long and sober article about Jack Lang's trip, and says that he now speaks of \
                  mechanisms for permanent economic, cultural and linguistic cooperation.";
    let piece = Piece {
        at: "2009-12-16T22:10:00Z",
        path: "/2009/12/16/north-korea-and-france-agree/",
        title: "North Korea and France Agree to Deepen Cultural Exchanges",
        comments: Comments::Open(1),
        length: 410 - prose::length(Tongue::English, update),
        tongue: Tongue::English,
    };
    let mut item = item(
        &piece,
        &[
            "According to Chinese newspapers, North Korea and France have agreed to deepen cultural cooperation as a step towards formal \
             relations. After the visit of Jack Lang a cultural office in Pyongyang seems likely.",
            "This will hardly be a simple language school. It looks more like a bridgehead for wider economic work, and I cannot say how it \
             fits with the French push for denuclearization or with Resolution 1874.",
            "KCNA has shown a few of its usual pieces on works praised abroad, but nothing yet on its English page about the agreement.",
        ],
    );
    item.update = Some((
        later(moment("2009-12-17T05:30:00Z"), SignedDuration::from_mins(150)),
        update.to_owned(),
    ));
    item
}

pub fn le_monde() -> Item {
    let piece = Piece {
        at: "2009-12-17T05:30:00Z",
        path: "/international/article/2009/12/17/etrange-voyage-de-jack-lang-a-pyongyang_1282000.html",
        title: "Étrange voyage de Jack Lang à Pyongyang",
        comments: Comments::Open(61),
        length: 1184,
        tongue: Tongue::French,
    };
    item(
        &piece,
        &[
            "Cinq jours durant, l’envoyé spécial de la France en Corée du Nord a visité des bibliothèques, écouté des chœurs et parlé de livres. \
             Il en rapporte un accord dont les contours restent flous.",
            "À Paris, on s’étonne à mi-voix de la discrétion du gouvernement sur les droits de l’homme. Personne, au ministère, n’a souhaité \
             commenter la question avant le retour de Jack Lang.",
            "La France dispose désormais, assure l’ancien ministre, de « mécanismes de coopération permanente, économique, culturelle et \
             linguistique » avec Pyongyang.",
        ],
    )
}

/// Headlines of other days by the same formula, and which of the outlet's everyday pieces bear them.
pub const KCNA_ROUTINE: [(usize, &str); 5] = [
    (5, "Kim Jong Il's Works Praised by Nepalese Figure"),
    (17, "Kim Jong Il's Works Praised by Congolese Figures"),
    (48, "Kim Jong Il's Works Praised by Peruvian Figure"),
    (70, "Kim Il Sung's Works Praised by Indian Figure"),
    (101, "Kim Jong Il's Works Praised by Mongolian Figure"),
];

/// The routine piece that KCNA's English page ran instead.
pub fn kcna_formula() -> Item {
    let piece = Piece {
        at: "2009-12-15T06:00:00Z",
        path: "/en/article/detail/00000000000000000000000000004bff",
        title: "Kim Jong Il's Works Praised by French Figure",
        comments: Comments::None,
        length: 96,
        tongue: Tongue::English,
    };
    item(
        &piece,
        &[
            "Pyongyang, December 15 (KCNA) -- The head of a study society in France said that the works of Kim Jong Il give answers to many questions of our time.",
        ],
    )
}

/// What Le Figaro ran on North Korea in those days.
pub fn figaro_instead() -> Vec<Item> {
    let plane = Piece {
        at: "2009-12-14T08:20:00Z",
        path: "/international/avion-charge-darmes-20091214",
        title: "Thaïlande : un avion chargé d’armes nord-coréennes",
        comments: Comments::Silent,
        length: 340,
        tongue: Tongue::French,
    };
    let letter = Piece {
        at: "2009-12-16T17:45:00Z",
        path: "/international/obama-ecrit-a-kim-jong-il-20091216",
        title: "Obama écrit à Kim Jong-il",
        comments: Comments::Silent,
        length: 372,
        tongue: Tongue::French,
    };
    vec![
        item(
            &plane,
            &[
                "Un gros-porteur parti de Corée du Nord a été retenu à Bangkok avec plusieurs tonnes d’armes à bord, selon la police de l’aéroport.",
            ],
        ),
        item(
            &letter,
            &[
                "Le président américain a fait remettre une lettre au dirigeant de la Corée du Nord par son émissaire, a confirmé la Maison-Blanche.",
            ],
        ),
    ]
}
