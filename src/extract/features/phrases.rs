//! What lines beside an article say, in the languages of the press: share, subscribe, read also, who holds the rights.
//!
//! Takes a folded line (`words::fold`), gives for each family how much of the line its words are. A family decides
//! nothing by itself: "photo" stands in captions and in sentences, and the judge learns which is which.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::extract::words::fold;

/// Number of families.
pub const COUNT: usize = 12;

/// One cell a family, each between 0 and 1.
pub type Said = [f32; COUNT];

/// Longer lines are prose, of which such words are a small part; in bytes.
const LONGEST: usize = 400;

/// The words of each family, written as people write them and parted by `|`; lines are compared letters only, so that
/// blanks and marks do not matter. Words of fewer than four Latin letters would be found inside others and are left out.
const FAMILIES: [&str; COUNT] = [
    // Sharing.
    "share|teilen|partager|partagez|compartir|compartilh|condividi|udostępnij|delen op|facebook|twitter\
        |whatsapp|pinterest|telegram|linkedin|instagram|reddit|e-mail|per mail|send to a friend\
        |link kopieren|copy link|print this|drucken|imprimer|imprimir|分享|微信|微博|朋友圈|收藏|打印|поделиться\
        |вконтакте|공유|인쇄|シェア|ツイート",
    // Subscribing and signing in.
    "newsletter|subscribe|subscription|subscriber|sign up|sign in|log in|abonnieren|abonnent|abonnement\
        |abonnez|abonné|abonner|inscrivez|inscription|s'inscrire|se connecter|connectez|suscríb|suscripción\
        |regístr|iniciar sesión|iscriviti|abbonati|registrieren|anmelden|einloggen|registrier|jetzt testen\
        |register|create account|my account|mein konto|mon compte|zaloguj|prenumer|assine|assinante|订阅|登录|登錄\
        |注册|註冊|会员|會員|구독|로그인|회원|подписа|подписк|войти|ログイン|会員|無料登録|メルマガ",
    // Readers' words.
    "comment|kommentar|kommentier|commentaire|comentario|comentário|commenti|komentar|reply|antworten\
        |répondre|responder|leserbrief|diskussion|mitdiskutieren|forum|readers' letters|discuss|réagir\
        |réactions|opinie|评论|評論|留言|跟帖|网友|網友|댓글|коммента|コメント|回复|回應",
    // More to read.
    "read more|read also|also read|read next|see also|more on|more from|more stories|related|recommended\
        |you may also|you might also|don't miss|most read|most popular|trending|latest news|top stories\
        |lesen sie|mehr lesen|weiterlesen|mehr zum|mehr zu|mehr dazu|mehr aus|zum thema|auch interessant\
        |das könnte|meistgelesen|ähnliche|weitere artikel|weitere meldungen|weitere nachrichten\
        |weitere informationen|verwandte|lire aussi|lire également|à lire|voir aussi|en savoir plus\
        |lire la suite|sur le même sujet|les plus lus|articles liés|leer más|lea también|leer también\
        |te puede interesar|más información|noticias relacionadas|leia também|leia mais|saiba mais\
        |leggi anche|lees ook|lees meer|czytaj także|czytaj też|zobacz także|zobacz też|více|čtěte|läs mer\
        |läs också|les også|les mer|læs også|ilgili haber|相关|相關|推荐|推薦|阅读更多|延伸阅读|延伸閱讀|热点|热门|排行|更多|精彩|猜你\
        |читайте|по теме|관련기사|많이 본|더보기|関連記事|あわせて読み|続きを読む|ランキング",
    // Whose picture or text it is.
    "photo|foto|bild|image|getty|reuters|shutterstock|picture alliance|istock|quelle|source|credit\
        |courtesy|crédit|archiv|symbolbild|illustration|grafik|graphic|screenshot|imago|fuente|fonte|zdroj\
        |źródło|fot.|图片|图为|圖為|摄影|攝影|资料图|供图|来源|來源|사진|фото|写真|提供",
    // Rights, terms, house.
    "copyright|all rights reserved|alle rechte|tous droits|todos los derechos|todos os direitos\
        |tutti i diritti|impressum|datenschutz|privacy|terms of|cookie|mentions légales|reproduction\
        |nutzungsbedingungen|kontakt|contact us|contactez|about us|über uns|qui sommes|aviso legal|advertise\
        |mediadaten|版权|版權|转载|轉載|免责|免責|备案|许可证|举报|저작권|무단|авторск|все права|著作権|無断転載|利用規約",
    // When, by whom, how long.
    "published|updated|posted|written by|min read|minutes read|last modified|veröffentlicht|aktualisiert\
        |erstellt|lesezeit|lesedauer|geschrieben von|publié|mis à jour|temps de lecture|publicado\
        |actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|opublikowano|opdateret|uppdaterad\
        |publicerad|publisert|oppdatert|发布|發布|发表|更新|时间|時間|编辑|編輯|责编|作者|记者|記者|浏览|阅读|입력|수정|기자|опубликован\
        |обновлен|公開日|更新日|配信",
    // Subjects and sections.
    "tags|topics|schlagworte|schlagwörter|stichwort|themen|thema|filed under|mots-clés|étiquettes|thèmes\
        |etiquetas|kategorie|category|categories|catégorie|rubrik|ressort|section|dossier|startseite|home\
        |accueil|关键词|标签|標籤|首页|首頁|频道|当前位置|분류|теги|рубрик|タグ|カテゴリ",
    // Who the writer is.
    "is a reporter|is a writer|is a senior|is a staff|is an editor|is the author|is a journalist\
        |is a correspondent|is a columnist|is a professor|covers|follow him|follow her|follow me|follow us\
        |reporting by|editing by|contributed to this|about the author|email:|ist redakteur|ist journalist\
        |ist autor|über den autor|über die autorin|zur person|folgen sie|folge uns|est journaliste\
        |est professeur|à propos de l'auteur|suivez|síguenos|siga|seguici|sobre el autor|관련|本文作者|作者简介|特派员",
    // Advertising and asking.
    "advertisement|advertising|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|sponsored\
        |affiliate|reklama|reklame|annons|annonce|donate|donation|spenden|support us|unterstützen sie\
        |soutenez|faire un don|广告|廣告|реклама|광고|広告|buy now|order now|in den warenkorb|bestellen\
        |download the app|our app|kostenlos",
    // To watch and to hear.
    "video|watch|podcast|listen|audio|gallery|slideshow|livestream|bildergalerie|fotostrecke|anhören\
        |ansehen|vorlesen|écouter|regarder|diaporama|escuchar|vídeo|视频|視頻|动画|图集|видео|영상|動画|click here\
        |hier klicken|cliquez|haga clic|klicken sie",
    // The rest is elsewhere, or not there.
    "premium|exclusive|exklusiv|réservé|article continues|story continues|to continue|weiterzulesen\
        |weiterlesen mit|bereits abonnent|pour lire|lire cet article|this article is|javascript|browser\
        |loading|wird geladen|chargement|cargando|not available|nicht verfügbar|externer inhalt\
        |externen inhalt|external content|einverstanden|zustimmen|consent|accept|akzeptieren|accepter|全文|付费\
        |登录后|유료|会員限定|有料",
];

/// How much of a folded line each family's words are.
pub fn said(line: &str) -> Said {
    static FINDER: LazyLock<Option<(AhoCorasick, Vec<usize>)>> = LazyLock::new(|| {
        let words = || {
            let families = FAMILIES.iter().enumerate();
            families.flat_map(|(family, words)| words.split('|').map(move |word| (family, fold(word))))
        };
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words().map(|(_, word)| word))
            .ok()?;
        Some((finder, words().map(|(family, _)| family).collect()))
    });
    let mut said = [0.0; COUNT];
    if line.is_empty() || line.len() > LONGEST {
        return said;
    }
    let Some((finder, families)) = FINDER.as_ref() else {
        return said;
    };
    for found in finder.find_iter(line) {
        said[families[found.pattern().as_usize()]] += (found.end() - found.start()) as f32;
    }
    for share in &mut said {
        *share /= line.len() as f32;
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_found_whatever_stands_between_the_letters() {
        let of = |line: &str| said(&fold(line));
        let share = of("Teilen:");
        assert!(share[0] > 0.9, "{share:?}");
        let more = of("► Lesen Sie auch: Der Hafen öffnet wieder");
        assert!(more[3] > 0.1 && more[3] < 0.5, "{more:?}");
        assert_eq!(of("The ferry sails again on Monday."), [0.0; COUNT]);
        assert!(of("相关新闻")[3] > 0.4);
    }
}
