//! Invented prose in three languages, of any length asked for: the filling of the demonstration's newspapers.
//!
//! Takes a language, a seed and a length, gives the same paragraphs every time. Names no country and no
//! person, so that no story can match it by accident.

/// The languages the demonstration's outlets write in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    French,
    English,
    Chinese,
}

/// What the filling is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Register {
    /// Town news that no story is about.
    Everyday,
    /// The background paragraphs of a piece on diplomacy.
    Background,
}

struct Stock {
    subjects: &'static [&'static str],
    verbs: &'static [&'static str],
    objects: &'static [&'static str],
    closings: &'static [&'static str],
}

const FRENCH: Stock = Stock {
    subjects: &[
        "Le conseil municipal",
        "La chambre de commerce",
        "Un groupe d’enseignants",
        "La fédération des artisans",
        "Le port autonome",
        "Une équipe de chercheurs",
        "La compagnie des bacs",
        "Le syndicat des éleveurs",
        "La bibliothèque centrale",
        "Le tribunal administratif",
        "Une association de riverains",
        "Le service des eaux",
        "La direction de l’hôpital",
        "Un collectif de libraires",
        "Le comité des fêtes",
        "La préfecture maritime",
        "Une coopérative laitière",
        "Le musée des horloges",
        "La régie des tramways",
        "Un cabinet d’architectes",
    ],
    verbs: &[
        "a présenté",
        "examine depuis lundi",
        "a repoussé",
        "souhaite financer",
        "a inauguré",
        "critique vivement",
        "prépare pour le printemps",
        "a chiffré",
        "dit vouloir corriger",
        "a rendu public",
        "attend toujours",
        "a signé hier",
        "renonce à défendre",
        "suit avec prudence",
        "a révisé",
    ],
    objects: &[
        "un plan de rénovation des quais",
        "le calendrier des marchés couverts",
        "une enquête sur les loyers",
        "la liste des écoles à agrandir",
        "un budget en légère hausse",
        "le tracé de la nouvelle ligne",
        "une charte sur le bruit nocturne",
        "des mesures contre la sécheresse",
        "la réouverture du vieux théâtre",
        "un rapport sur les digues",
        "l’achat de douze autobus",
        "la vente d’un terrain communal",
        "un concours de jardins partagés",
        "le prix des cantines",
        "une étude sur les oiseaux du delta",
        "la numérisation des registres",
        "un guichet pour les saisonniers",
        "la réparation de l’orgue",
        "le contrôle des ascenseurs",
        "une bourse aux vélos",
    ],
    closings: &[
        "sans donner de date précise",
        "après trois mois de discussion",
        "malgré les réserves de l’opposition",
        "devant une salle pleine",
        "avec l’appui de la région",
        "pour la deuxième année de suite",
        "en attendant l’avis des experts",
        "à la surprise des commerçants",
        "faute de crédits suffisants",
        "selon un document interne",
        "dans une relative indifférence",
        "au terme d’un long débat",
        "avec un retard de six semaines",
        "pour un montant encore discuté",
        "sous la pluie de novembre",
        "loin des caméras",
    ],
};

const ENGLISH: Stock = Stock {
    subjects: &[
        "The harbour board",
        "A panel of engineers",
        "The county library",
        "The orchard growers' union",
        "A regional court",
        "The tram operator",
        "The school inspectorate",
        "A group of retired pilots",
        "The water company",
        "The fishing cooperative",
        "A private museum",
        "The weather office",
        "The chess federation",
        "A textile workshop",
        "The housing agency",
        "The night market committee",
        "A team of botanists",
        "The ferry line",
        "The printers' guild",
        "The mountain rescue service",
    ],
    verbs: &[
        "has presented",
        "is reviewing",
        "has postponed",
        "wants to finance",
        "has opened",
        "criticised",
        "is drafting",
        "has priced",
        "promised to correct",
        "published",
        "still awaits",
        "signed",
        "gave up",
        "is watching",
        "has revised",
    ],
    objects: &[
        "a plan to repair the breakwater",
        "the timetable of the covered markets",
        "a survey of rents",
        "the list of schools to be enlarged",
        "a slightly larger budget",
        "the route of the new line",
        "a code on noise at night",
        "measures against drought",
        "the reopening of the old theatre",
        "a report on the dykes",
        "the purchase of twelve buses",
        "the sale of a vacant plot",
        "a contest of shared gardens",
        "the price of school meals",
        "a study of wetland birds",
        "the scanning of parish registers",
        "a desk for seasonal workers",
        "the repair of an organ",
        "a check of public lifts",
        "a fair for used bicycles",
    ],
    closings: &[
        "without naming a date",
        "after three months of talks",
        "despite doubts in the hall",
        "before a full house",
        "with support from the province",
        "for the second year running",
        "pending expert advice",
        "to the surprise of shopkeepers",
        "for want of funds",
        "according to an internal paper",
        "amid little interest",
        "at the end of a long debate",
        "six weeks behind schedule",
        "for a sum still in dispute",
        "in steady rain",
        "far from the cameras",
    ],
};

const CHINESE: Stock = Stock {
    subjects: &[
        "市图书馆",
        "港务部门",
        "一支科研小组",
        "供水公司",
        "省气象台",
        "轨道交通集团",
        "多所中学",
        "果农合作社",
        "老城街道办",
        "一家私人博物馆",
        "水利部门",
        "围棋协会",
        "渔业合作社",
        "夜市管委会",
        "植物园",
        "纺织车间",
        "住房保障中心",
        "山地救援队",
        "印刷行业协会",
        "轮渡公司",
    ],
    verbs: &[
        "日前公布了",
        "正在审议",
        "推迟了",
        "计划资助",
        "启用了",
        "批评了",
        "着手起草",
        "核算了",
        "承诺改进",
        "发布了",
        "仍在等待",
        "签署了",
        "放弃了",
        "持续关注",
        "修订了",
    ],
    objects: &[
        "堤岸修缮方案",
        "室内集市时间表",
        "租金调查结果",
        "学校扩建名单",
        "略有增加的预算",
        "新线路走向",
        "夜间噪声守则",
        "抗旱措施",
        "老剧院重开事宜",
        "江堤检测报告",
        "十二辆客车的采购",
        "一块空地的出让",
        "社区花园评比",
        "食堂价格标准",
        "湿地鸟类研究",
        "旧档案扫描工作",
        "季节工服务窗口",
        "管风琴修复工程",
        "电梯安全检查",
        "旧自行车集市",
    ],
    closings: &[
        "但未给出具体日期",
        "经过三个月的讨论",
        "尽管会上有人质疑",
        "现场座无虚席",
        "并得到省里支持",
        "这已是连续第二年",
        "等待专家意见",
        "令商户颇感意外",
        "因经费不足",
        "据一份内部文件",
        "外界关注不多",
        "经过长时间辩论",
        "比原计划晚六周",
        "金额尚有争议",
        "当天细雨不断",
        "远离镜头",
    ],
};

const FRENCH_BACKGROUND: Stock = Stock {
    subjects: &[
        "Un diplomate européen",
        "Le compte rendu de la mission",
        "Une universitaire familière du dossier",
        "Un ancien chargé d’affaires",
        "La note remise au ministère",
        "Un membre de la délégation",
        "Le programme de la visite",
        "Une interprète présente sur place",
        "Un responsable associatif",
        "La partie invitante",
    ],
    verbs: &[
        "rappelle",
        "décrit",
        "met en doute",
        "résume",
        "évoque longuement",
        "passe sous silence",
        "nuance",
        "détaille",
        "défend",
        "regrette",
    ],
    objects: &[
        "la lenteur des échanges passés",
        "les visites guidées au cordeau",
        "le sort des professeurs déjà envoyés",
        "des bibliothèques sans lecteurs",
        "la question des libertés",
        "le poids des sanctions",
        "un protocole hérité d’une autre époque",
        "les dîners aux longs silences",
        "la prudence de l’exécutif",
        "le précédent d’un centre fermé trop tôt",
    ],
    closings: &[
        "sans citer de nom",
        "avec une ironie contenue",
        "au risque de déplaire",
        "preuves à l’appui",
        "dans un couloir de l’hôtel",
        "en pesant chaque mot",
        "comme pour prendre date",
        "loin des communiqués",
        "à mots couverts",
        "sous le sceau de l’anonymat",
    ],
};

const ENGLISH_BACKGROUND: Stock = Stock {
    subjects: &[
        "A former diplomat",
        "The itinerary of the visit",
        "A scholar who follows the file",
        "One member of the delegation",
        "An old communiqué",
        "The official account",
        "A colleague in the archives",
        "The translator's notes",
        "A footnote in the record",
        "The hosts' own programme",
    ],
    verbs: &[
        "recalls",
        "describes",
        "doubts",
        "sums up",
        "dwells on",
        "passes over",
        "qualifies",
        "details",
        "defends",
        "regrets",
    ],
    objects: &[
        "the slowness of earlier exchanges",
        "reading rooms without readers",
        "the fate of the teachers already sent",
        "the weight of sanctions",
        "a protocol from another age",
        "the caution of the executive",
        "the precedent of a centre closed too soon",
        "long dinners with few words",
        "a promise made twice before",
        "the price of small steps",
    ],
    closings: &[
        "without giving names",
        "with dry humour",
        "at some risk",
        "with papers to show",
        "in a hotel corridor",
        "weighing every word",
        "as if for the record",
        "far from the communiqués",
        "in guarded terms",
        "on condition of anonymity",
    ],
};

const CHINESE_BACKGROUND: Stock = Stock {
    subjects: &[
        "一位前外交官",
        "访问日程",
        "熟悉情况的学者",
        "代表团一名成员",
        "早年的联合公报",
        "官方通报",
        "随行翻译",
        "研究档案的同事",
        "接待方的安排",
        "一份内部备忘录",
    ],
    verbs: &[
        "回顾了",
        "描述了",
        "质疑",
        "概括了",
        "详细谈到",
        "没有提及",
        "补充说明了",
        "列举了",
        "肯定了",
        "感叹",
    ],
    objects: &[
        "以往交流的缓慢进程",
        "少有读者的阅览室",
        "早先派出的教师",
        "制裁带来的影响",
        "旧时代留下的礼节",
        "决策层的谨慎态度",
        "过早关闭的文化中心",
        "气氛安静的晚宴",
        "两次落空的承诺",
        "小步推进的代价",
    ],
    closings: &[
        "但没有透露姓名",
        "语气颇为克制",
        "并出示了材料",
        "在酒店走廊里",
        "字斟句酌",
        "像是立此存照",
        "与公报措辞不同",
        "说得十分含蓄",
        "并要求匿名",
        "引起各方议论",
    ],
};

/// Deterministic numbers from a seed (xorshift64*, Vigna 2016): the demonstration leaves nothing to chance.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(xxhash_rust::xxh3::xxh3_64(&seed.to_le_bytes()) | 1)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n.max(1)
    }

    fn pick(&mut self, list: &'static [&'static str]) -> &'static str {
        list[self.below(list.len())]
    }
}

/// One sentence.
fn sentence(tongue: Tongue, register: Register, dice: &mut Dice) -> String {
    let stock = match (tongue, register) {
        (Tongue::French, Register::Everyday) => &FRENCH,
        (Tongue::English, Register::Everyday) => &ENGLISH,
        (Tongue::Chinese, Register::Everyday) => &CHINESE,
        (Tongue::French, Register::Background) => &FRENCH_BACKGROUND,
        (Tongue::English, Register::Background) => &ENGLISH_BACKGROUND,
        (Tongue::Chinese, Register::Background) => &CHINESE_BACKGROUND,
    };
    let (subject, verb) = (dice.pick(stock.subjects), dice.pick(stock.verbs));
    let (object, closing) = (dice.pick(stock.objects), dice.pick(stock.closings));
    match tongue {
        Tongue::Chinese => format!("{subject}{verb}{object}，{closing}。"),
        _ => format!("{subject} {verb} {object}, {closing}."),
    }
}

/// A headline.
pub fn headline(tongue: Tongue, dice: &mut Dice) -> String {
    let text = sentence(tongue, Register::Everyday, dice);
    let end = text.find([',', '，']).unwrap_or(text.len());
    text[..end].to_owned()
}

/// Length as vigie counts it: Han characters for Chinese, words elsewhere.
pub fn length(tongue: Tongue, text: &str) -> usize {
    match tongue {
        Tongue::Chinese => text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).count(),
        _ => text
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .count(),
    }
}

/// Paragraphs that begin with `given` and come to exactly `target` words or characters in all.
pub fn passage(tongue: Tongue, register: Register, given: &[String], target: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let mut paragraphs: Vec<String> = given.to_vec();
    let mut have: usize = given.iter().map(|paragraph| length(tongue, paragraph)).sum();
    let mut current = String::new();
    while have < target {
        let next = sentence(tongue, register, &mut dice);
        let long = length(tongue, &next);
        // The last sentence is a list of just the words that are missing.
        let next = if have + long + SHORTEST > target {
            list_of(tongue, target - have, &mut dice)
        } else {
            next
        };
        have += length(tongue, &next);
        if !current.is_empty() && tongue != Tongue::Chinese {
            current.push(' ');
        }
        current.push_str(&next);
        if current.len() > 420 {
            paragraphs.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        paragraphs.push(current);
    }
    paragraphs
}

/// No list sentence is shorter than this, in words or characters.
const SHORTEST: usize = 8;

/// A sentence of exactly `n` words or characters.
fn list_of(tongue: Tongue, n: usize, dice: &mut Dice) -> String {
    const FRENCH_THINGS: &[&str] = &[
        "bourses", "livres", "concerts", "fouilles", "stages", "films", "manuels", "lectures", "concours", "visites",
        "archives", "ateliers",
    ];
    const ENGLISH_THINGS: &[&str] = &[
        "grants",
        "books",
        "concerts",
        "digs",
        "courses",
        "films",
        "manuals",
        "readings",
        "contests",
        "visits",
        "archives",
        "workshops",
    ];
    const CHINESE_THINGS: &[&str] = &[
        "教材", "图书", "音乐", "考古", "进修", "电影", "词典", "讲座", "竞赛", "参观", "档案", "展览",
    ];
    let start = dice.below(12);
    let things = |list: &'static [&'static str], count: usize| -> Vec<&'static str> {
        (0..count).map(|at| list[(start + at) % list.len()]).collect()
    };
    match tongue {
        Tongue::French if n > 4 => format!(
            "Il sera aussi question de {}.",
            things(FRENCH_THINGS, n.saturating_sub(5)).join(", ")
        )
        .replace(" de .", " demain."),
        Tongue::English if n > 4 => format!("The agenda also names {}.", things(ENGLISH_THINGS, n - 4).join(", ")),
        Tongue::Chinese if n > 4 => {
            let opening = if n.is_multiple_of(2) {
                "议程还有"
            } else {
                "议程还包括"
            };
            let left = n - opening.chars().count();
            format!("{opening}{}。", things(CHINESE_THINGS, left / 2).join("、"))
        }
        Tongue::Chinese => format!("{}。", "议程未定".chars().take(n).collect::<String>()),
        _ => format!(
            "{}.",
            things(
                if tongue == Tongue::French {
                    FRENCH_THINGS
                } else {
                    ENGLISH_THINGS
                },
                n
            )
            .join(" ")
        ),
    }
}
