//! scratch
use recsafe::engine::{Rules, lifetime};
use recsafe::measure;
use recsafe_common::catalogue::Chosen;
use recsafe_people::{
    behavior::probes::{Probe, Script},
    generate::WorldSettings,
    settings as w,
};
use recsafe_platform::settings as p;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let kind = args.get(1).map_or("value-model", |s| s);
    let n: u32 = args.get(2).map_or(5000, |s| s.parse().unwrap());
    let seed: u64 = args.get(3).map_or(1, |s| s.parse().unwrap());
    let lambda: f64 = args.get(4).map_or(0.1, |s| s.parse().unwrap());
    let population = w::Population { accounts: n, predators: 0.005, ..Default::default() };
    let (graph, content, behavior, harm) =
        (w::Graph::default(), w::Content::default(), w::Behavior::default(), w::Harm::default());
    let feed = p::Feed { ranker: p::RankerChoice(Chosen::plain(kind)), personalisation: lambda, ..Default::default() };
    let settings = WorldSettings { population: &population, graph: &graph, content: &content, behavior: &behavior };
    let rules = Rules::new(&content, &behavior, &harm, &feed, &p::Enforcement::default(), &[]).unwrap();
    let t = std::time::Instant::now();
    let (world, warm) = lifetime::warm_up(lifetime::generate_world(&settings, seed), &rules, 7, &mut |_| true).unwrap();
    println!(
        "warm-up {:?} {} impressions, follows/account {}",
        t.elapsed(),
        warm,
        world.observed.graph.follows() as f64 / n as f64
    );
    let t = std::time::Instant::now();
    let probes = [
        Probe { script: Script::Control, count: 20, ..Default::default() },
        Probe { script: Script::Curious, count: 20, clicks: 10, ..Default::default() },
        Probe { script: Script::Interested, count: 20, ..Default::default() },
    ];
    let lived = lifetime::measure(world, &rules, &probes, 28, 0.0, &mut |_| true).unwrap().unwrap();
    let dt = t.elapsed();
    println!(
        "28 days {:?} {} impressions {:.2} M/s, {:.1} per account-day",
        dt,
        lived.impressions,
        lived.impressions as f64 / dt.as_secs_f64() / 1e6,
        lived.impressions as f64 / n as f64 / 28.0
    );
    println!(
        "follows/account {} live posts/account {}",
        lived.world.observed.graph.follows() as f64 / n as f64,
        lived.world.observed.posts.len() as f64 / n as f64
    );
    println!("{:?}", lived.world.heads.weights);
    for m in measure::totals(&lived.recorder) {
        if ["all", "minor", "user", "minor:13-15", "control", "interested", "curious", "predator"]
            .contains(&m.group.as_str())
        {
            println!("{:24} {:14} {:?}", m.metric, m.group, m.ratio.value());
        }
    }
    for m in measure::by_day(&lived.recorder) {
        if m.metric == "prevalence"
            && ["interested", "curious", "control", "minor"].contains(&m.group.as_str())
            && m.day.unwrap() % 4 == 0
        {
            println!("day {:?} {:14} {:?}", m.day.unwrap(), m.group, m.ratio.value());
        }
    }
}
