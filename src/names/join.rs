//! The lexicon laid over the gazetteer.
//!
//! Takes both, gives one numbering of actors in which a place that both have is the lexicon's: `@france` is one thing.
//! Never changes a name of the lexicon: what it says is ambiguous stays so.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::gazetteer::{Gazetteer, PlaceKind, PlaceNo, Trust};
use crate::model::lexicon::ActorKind;
use crate::model::{Actor, Lexicon};
use crate::text::plain::plain;

#[derive(Debug)]
pub struct Join {
    pub gazetteer: &'static Gazetteer,
    /// Actors of the lexicon; places follow.
    actors: usize,
    of_place: HashMap<PlaceNo, usize>,
    of_actor: HashMap<usize, PlaceNo>,
    /// Ids of the lexicon, which no place may have besides.
    ids: HashSet<String>,
    countries: HashMap<String, PlaceNo>,
}

impl Join {
    pub fn of(lexicon: &Lexicon, gazetteer: &'static Gazetteer) -> Join {
        let mut join = Join {
            gazetteer,
            actors: lexicon.actors.len(),
            of_place: HashMap::new(),
            of_actor: HashMap::new(),
            ids: lexicon.actors.iter().map(|actor| actor.id.clone()).collect(),
            countries: HashMap::new(),
        };
        for no in gazetteer.places() {
            let place = gazetteer.place(no);
            if place.kind == PlaceKind::Country {
                join.countries.insert(place.country.to_owned(), no);
            }
        }
        for (index, actor) in lexicon.actors.iter().enumerate() {
            if let Some(no) = join.same(actor) {
                join.of_place.entry(no).or_insert(index);
                join.of_actor.insert(index, no);
            }
        }
        join
    }

    /// The place that an actor of the lexicon is: of its country, and called by most of its sure names.
    fn same(&self, actor: &Actor) -> Option<PlaceNo> {
        if actor.kind != ActorKind::Place || self.gazetteer.is_empty() {
            return None;
        }
        let mut votes: BTreeMap<PlaceNo, usize> = BTreeMap::new();
        for name in actor.names.values().flatten() {
            if actor.ambiguous.contains(name) {
                continue;
            }
            let places: HashSet<PlaceNo> = self
                .gazetteer
                .spelled(&plain(name).text)
                .map(|no| self.gazetteer.name(no))
                .filter(|name| name.trust != Trust::Demonym)
                .map(|name| name.place)
                .collect();
            for no in places {
                let country = self.gazetteer.place(no).country;
                if actor.country.as_deref().is_none_or(|own| own == country) && !country.is_empty() {
                    *votes.entry(no).or_default() += 1;
                }
            }
        }
        // Countries come first in the table, and of cities the larger one.
        votes
            .into_iter()
            .max_by_key(|(no, votes)| (*votes, std::cmp::Reverse(*no)))
            .map(|(no, _)| no)
    }

    /// The number of a place among all actors: that of the lexicon's actor that it is, or one of its own.
    pub fn actor(&self, no: PlaceNo) -> usize {
        self.of_place.get(&no).copied().unwrap_or(self.actors + no.0 as usize)
    }

    /// The place that a number stands for, whether the lexicon has it too or not.
    pub fn place(&self, actor: usize) -> Option<PlaceNo> {
        match actor.checked_sub(self.actors) {
            None => self.of_actor.get(&actor).copied(),
            Some(no) => (no < self.gazetteer.len()).then_some(PlaceNo(no as u32)),
        }
    }

    pub fn country(&self, code: &str) -> Option<PlaceNo> {
        self.countries.get(code).copied()
    }

    /// What a place that the lexicon has not is called by `@`; its country is added where the lexicon has that id.
    pub fn id(&self, no: PlaceNo) -> String {
        let place = self.gazetteer.place(no);
        match self.ids.contains(place.id) {
            true => format!("{}-{}", place.id, place.country.to_lowercase()),
            false => place.id.to_owned(),
        }
    }

    /// The number of the place with that id.
    pub fn with_id(&self, id: &str) -> Option<PlaceNo> {
        let plain_id = self
            .gazetteer
            .with_id(id)
            .filter(|no| self.id(*no).eq_ignore_ascii_case(id));
        plain_id.or_else(|| {
            let (base, _) = id.rsplit_once('-')?;
            self.gazetteer
                .with_id(base)
                .filter(|no| self.id(*no).eq_ignore_ascii_case(id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::gazetteer::builtin;

    fn actor(id: &str, country: &str, name: &str) -> Actor {
        Actor {
            id: id.to_owned(),
            country: Some(country.to_owned()),
            names: [("en".to_owned(), vec![name.to_owned()])].into(),
            ..Actor::default()
        }
    }

    #[test]
    fn a_place_of_both_is_the_lexicons() {
        let mut person = actor("lyon", "US", "Lyon");
        person.kind = ActorKind::Person;
        let lexicon = Lexicon {
            actors: vec![
                actor("my-france", "FR", "France"),
                actor("paname", "FR", "Paris"),
                person,
            ],
            ..Lexicon::default()
        };
        let join = Join::of(&lexicon, builtin());
        let place = |id: &str| builtin().with_id(id).unwrap();
        assert_eq!(join.actor(place("france")), 0);
        assert_eq!(join.actor(place("paris")), 1);
        assert_eq!(join.id(place("lyon")), "lyon-fr");
        assert_eq!(join.with_id("lyon-fr"), Some(place("lyon")));
        assert_eq!(join.with_id("lyon"), None);
        assert_eq!(join.with_id("marseille"), Some(place("marseille")));
        assert_eq!(join.place(0), Some(place("france")));
    }
}
