//! The words of each line: how many, how written, how many of them mere grammar, and which it shares with other lines.
//!
//! Takes lines, gives counts and hashed words. A word is a run of letters; in Han text every pair of characters is one.

use std::sync::LazyLock;

use crate::extract::keys::{Set, Table};
use crate::extract::words::{is_east_asian, is_han};

/// Shorter Latin words say little of what a line is about.
const LETTERS: usize = 4;

/// Most words of one line that are compared with others'.
const MOST: usize = 120;

/// Words of mere grammar in fifteen languages of the press: prose is a third of them, headlines less, menus nothing.
const GRAMMAR: &str = "the of and to in is that for it as was with be by on not he his but at are this have from or had \
    an they which one you were all her she there would their we him been has when who will no if out so what its about \
    than into them can only said \
    der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie \
    nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man \
    sein wurde wenn ich wir \
    le la les et des en un une du que est dans qui par pour au il sur se ne pas plus avec ce sont mais ou cette aux \
    été ses leur elle nous vous ont fait comme être deux son \
    el los las del una con por su para como más pero sus ya este fue ha porque muy sin sobre también hasta hay donde \
    quien desde todo nos durante \
    il di che non è della per un sono gli con alla da nel anche dei più ha si delle dal come nella \
    o a os as do da em um uma não com no na ao mais dos foi das tem seu sua também pelo pela \
    de het een van ik te dat die in zijn op aan met als voor had er maar om hem dan zou wat mijn men dit zo door over \
    ze bij uit naar heeft worden niet \
    w i na z do nie się to że jest o jak po od za co przez tym dla ale są oraz był które ich \
    och att det som en på är av för med till den har de inte om ett han men var jag från kan nu så hade vi eller ska \
    og at er af til som på med han hun ikke den der et jeg var men fra har blev også kan skal vil \
    a se v je že s z do na o to ve by jako po za si ale od které nebo jsou byl \
    ve bir bu da de için ile olarak daha çok olan gibi ne ama en kadar sonra o her \
    и в не на что с по как к из от за это для его но он она они мы у же бы так был было все или также который \
    في من على إلى أن عن هذا التي الذي مع كان هذه ما لا بين وقال \
    và của là có được cho không trong với các một người này khi";

/// Han characters of mere grammar, kana particles and their like.
const PARTICLES: &str =
    "的了在是和有不这為为這也就與与对對将將但而被或及并並其之以于於他她们們我你着著地得のにはをがとでもたてる";

fn grammar() -> &'static Set<u32> {
    static WORDS: LazyLock<Set<u32>> = LazyLock::new(|| {
        GRAMMAR
            .split_whitespace()
            .map(|word| word.chars().fold(SEED, mixed))
            .collect()
    });
    &WORDS
}

fn is_particle(c: char) -> bool {
    static PARTS: LazyLock<Set<u32>> = LazyLock::new(|| PARTICLES.chars().map(u32::from).collect());
    PARTS.contains(&u32::from(c))
}

/// FNV-1a over characters: words are few and a page short, so that 32 bits tell them apart.
const SEED: u32 = 0x811c_9dc5;

fn mixed(hash: u32, c: char) -> u32 {
    (hash ^ c as u32).wrapping_mul(0x0100_0193)
}

/// What one line is made of.
#[derive(Debug, Default, Clone)]
pub struct Line {
    pub characters: u32,
    pub upper: u32,
    pub digits: u32,
    pub wide: u32,
    pub words: u32,
    /// Words that begin with a capital.
    pub raised: u32,
    /// Words of mere grammar, and Han characters that are.
    pub grammar: u32,
    /// Words that say what it is about, hashed.
    pub about: Vec<u32>,
}

impl Line {
    pub fn of(text: &str) -> Line {
        let mut line = Line::default();
        let mut word = SEED;
        let mut letters = 0usize;
        let mut before = None;
        for c in text.chars() {
            line.characters += 1;
            if c.is_ascii_lowercase() {
                line.words += u32::from(letters == 0);
                (word, letters) = (mixed(word, c), letters + 1);
                continue;
            }
            let wide = is_east_asian(c);
            let upper = c.is_uppercase();
            line.upper += u32::from(upper);
            line.wide += u32::from(wide);
            line.digits += u32::from(c.is_numeric());
            if wide {
                line.end(&mut word, &mut letters);
                line.words += 1;
                line.grammar += u32::from(is_particle(c));
                if let Some(before) = before
                    && line.about.len() < MOST
                {
                    line.about.push(mixed(mixed(SEED, before), c));
                }
                before = (is_han(c) || c >= '\u{AC00}').then_some(c);
                continue;
            }
            before = None;
            if c.is_alphanumeric() {
                if letters == 0 {
                    line.words += 1;
                    line.raised += u32::from(upper);
                }
                letters += 1;
                word = if upper {
                    c.to_lowercase().fold(word, mixed)
                } else {
                    mixed(word, c)
                };
            } else if c != '\'' && c != '’' {
                line.end(&mut word, &mut letters);
            }
        }
        line.end(&mut word, &mut letters);
        line
    }

    fn end(&mut self, word: &mut u32, letters: &mut usize) {
        if *letters > 0 {
            if grammar().contains(word) {
                self.grammar += 1;
            } else if *letters >= LETTERS && self.about.len() < MOST {
                self.about.push(*word);
            }
        }
        (*word, *letters) = (SEED, 0);
    }

    pub fn grammar_share(&self) -> f32 {
        self.grammar as f32 / self.words.max(1) as f32
    }

    /// Share of what the line is about that is said in `others`; -1 where it is about nothing.
    pub fn shared(&self, others: &Set<u32>) -> f32 {
        if self.about.is_empty() {
            return -1.0;
        }
        let common = self.about.iter().filter(|word| others.contains(word)).count();
        common as f32 / self.about.len() as f32
    }
}

/// In how many lines each word stands.
#[derive(Debug, Default)]
pub struct Spread(Table<u32, u32>);

impl Spread {
    pub fn add(&mut self, line: &Line) {
        for word in &line.about {
            *self.0.entry(*word).or_default() += 1;
        }
    }

    /// Share of what the line is about that the lines say; `own` = the line is one of them, and does not count.
    pub fn shared(&self, line: &Line, own: bool) -> f32 {
        if line.about.is_empty() {
            return -1.0;
        }
        let least = 1 + u32::from(own);
        let said = |word: &&u32| self.0.get(word).is_some_and(|count| *count >= least);
        line.about.iter().filter(said).count() as f32 / line.about.len() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_counted_in_one_pass() {
        let line = Line::of("The Ferry sails on Monday, l'été 2026.");
        assert_eq!((line.words, line.raised, line.digits), (7, 3, 4));
        assert_eq!(line.grammar, 2, "the, on");
        let han = Line::of("渡轮在周一恢复航行");
        assert_eq!((han.wide, han.grammar, han.about.len()), (9, 1, 8));
    }

    #[test]
    fn what_lines_share() {
        let (one, two) = (Line::of("The ferry sails again"), Line::of("Ferry company sails"));
        let mut spread = Spread::default();
        spread.add(&one);
        assert!(spread.shared(&one, true) == 0.0 && spread.shared(&one, false) == 1.0);
        assert!(spread.shared(&two, false) > 0.6);
        assert_eq!(Line::of("…").shared(&Set::default()), -1.0);
    }
}
