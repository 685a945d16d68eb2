//! Tests of vectors, the topic map and the follow graph.

use proptest::prelude::*;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::topics::{TOPICS, TopicMap, YOUTH, youth_near};
use recsafe_common::vector::{DIM, Packed, Query, Vector, dot, normalised, nudge};

#[test]
fn topics_have_length_1_and_no_two_are_the_same() {
    let map = TopicMap::new(&[0.53, 0.53]);
    for a in 0..map.topic_count() {
        let centre = map.centre(a as u8);
        assert!((dot(centre, centre) - 1.0).abs() < 1e-5, "region {a}");
        assert_eq!(map.nearest(centre), a as u8);
        for b in 0..a {
            assert!(dot(centre, map.centre(b as u8)) < 0.9, "{a} and {b}");
        }
    }
}

#[test]
fn a_niche_lies_at_its_cosine_to_three_youth_topics() {
    for cosine in [0.0, 0.3, 0.53, 0.577] {
        let map = TopicMap::new(&[cosine, cosine]);
        for niche in 0..2 {
            let centre = map.centre(TopicMap::niche(niche));
            for topic in YOUTH {
                let expected = if youth_near(niche).contains(&topic) { cosine as f32 } else { 0.0 };
                assert!((dot(centre, map.centre(topic)) - expected).abs() < 1e-5);
            }
        }
    }
    assert_eq!(TOPICS, 64);
}

fn vectors() -> impl Strategy<Value = Vector> {
    prop::collection::vec(-1.0_f32..1.0, DIM).prop_map(|values| normalised(&std::array::from_fn(|i| values[i])))
}

proptest! {
    #[test]
    fn packing_keeps_dot_products(a in vectors(), b in vectors()) {
        let packed = Packed::new(&b);
        prop_assert!((packed.dot(&a) - dot(&a, &b)).abs() < 0.01);
        prop_assert!((Query::new(&a).dot(&packed) - dot(&a, &b)).abs() < 0.01);
    }

    #[test]
    fn a_nudge_goes_towards_its_target_and_keeps_length_1(a in vectors(), b in vectors(), rate in 0.0_f32..1.0) {
        let mut moved = a;
        nudge(&mut moved, &b, rate);
        prop_assert!((dot(&moved, &moved) - 1.0).abs() < 1e-4 || dot(&moved, &moved) == 0.0);
        prop_assert!(dot(&moved, &b) >= dot(&a, &b) - 1e-4);
    }

    #[test]
    fn both_directions_of_the_graph_agree(changes in prop::collection::vec((any::<bool>(), 0_u32..12, 0_u32..12), 0..120)) {
        let mut graph = FollowGraph::new(12);
        let mut model = std::collections::BTreeSet::new();
        for (add, from, to) in changes {
            let (from_id, to_id) = (AccountId(from), AccountId(to));
            if add {
                prop_assert_eq!(graph.follow(from_id, to_id), from != to && model.insert((from, to)));
            } else {
                prop_assert_eq!(graph.unfollow(from_id, to_id), model.remove(&(from, to)));
            }
        }
        prop_assert_eq!(graph.follows(), model.len());
        for &(from, to) in &model {
            prop_assert!(graph.contains(AccountId(from), AccountId(to)));
            prop_assert!(graph.followers(AccountId(to)).contains(&AccountId(from)));
        }
        let lists = (0..12).map(|id| graph.followees(AccountId(id)).to_vec()).collect();
        prop_assert_eq!(FollowGraph::from_followees(lists), graph);
    }
}
