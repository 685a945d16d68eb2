//! A chart without a script: changes with their intervals as SVG, one line per arm.

use maud::{Markup, html};

/// One line of the chart. All numbers are in %.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub name: String,
    pub change: f64,
    pub interval: Option<(f64, f64)>,
    /// The change in words: `-31 % (-37 to -25 %)`.
    pub words: String,
}

/// Sizes in SVG units, which the page scales.
const WIDTH: f64 = 700.0;
const NAMES: f64 = 170.0;
const WORDS: f64 = 170.0;
const ROW: f64 = 20.0;
const AXIS: f64 = 34.0;

/// Maximum change on the axis, in %.
const FURTHEST: f64 = 200.0;

/// Maximum number of steps of the axis.
const MOST_STEPS: f64 = 6.0;

/// Returns the chart; it is empty without lines.
pub(super) fn strip(lines: &[Line], title: &str) -> Markup {
    let (low, high, step) = scale(lines);
    let x = |change: f64| NAMES + (WIDTH - NAMES - WORDS) * ((change - low) / (high - low)).clamp(0.0, 1.0);
    let foot = ROW * lines.len() as f64;
    let ticks = (0..).map(|number| low + step * f64::from(number)).take_while(|tick| *tick <= high + step / 2.0);
    html! {
        @if !lines.is_empty() {
            svg viewBox={ "0 0 " (WIDTH) " " (foot + AXIS) } role="img" aria-label=(title) {
                @for tick in ticks {
                    line.grid.zero[tick.abs() < step / 2.0] x1=(pixel(x(tick))) x2=(pixel(x(tick))) y1="0" y2=(foot) {}
                    text.tick x=(pixel(x(tick))) y=(foot + 14.0) text-anchor="middle" { (signed(tick)) }
                }
                text.tick x=(pixel(f64::midpoint(x(low), x(high)))) y=(foot + 29.0) text-anchor="middle" { "change in %, with its 95 % interval" }
                @for (number, line) in lines.iter().enumerate() {
                    @let y = ROW * (number as f64 + 0.5);
                    text x=(pixel(NAMES - 8.0)) y=(y + 4.0) text-anchor="end" { (line.name) }
                    @if let Some((from, to)) = line.interval { line.interval x1=(pixel(x(from))) x2=(pixel(x(to))) y1=(y) y2=(y) {} }
                    @if (low..=high).contains(&line.change) { circle cx=(pixel(x(line.change))) cy=(y) r="4.5" {} }
                    text x=(pixel(WIDTH - WORDS + 8.0)) y=(y + 4.0) { (line.words) }
                }
            }
        }
    }
}

/// Returns the ends and the step of an axis that includes 0 and all intervals.
fn scale(lines: &[Line]) -> (f64, f64, f64) {
    let ends = lines.iter().flat_map(|line| {
        let (low, high) = line.interval.unwrap_or((line.change, line.change));
        [low, high]
    });
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let (low, high) = (low.max(-FURTHEST), high.min(FURTHEST));
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0];
    let step = steps.into_iter().find(|step| (high - low) / step <= MOST_STEPS - 2.0).unwrap_or(100.0);
    ((low / step).floor().min(-1.0) * step, (high / step).ceil().max(1.0) * step, step)
}

fn pixel(at: f64) -> String {
    format!("{at:.1}")
}

fn signed(tick: f64) -> String {
    if tick.abs() < 0.5 { "0".to_owned() } else { format!("{tick:+.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: f64, interval: Option<(f64, f64)>) -> Line {
        Line { name: "an-arm".to_owned(), change, interval, words: "words".to_owned() }
    }

    #[test]
    fn zero_and_every_interval_are_on_the_scale() {
        assert_eq!(scale(&[line(-31.0, Some((-37.0, -24.0))), line(2.0, Some((-1.0, 5.0)))]), (-40.0, 20.0, 20.0));
        assert_eq!(scale(&[line(0.2, None)]), (-1.0, 1.0, 1.0));
        assert_eq!(scale(&[line(3.0, Some((-900.0, 900.0)))]), (-200.0, 200.0, 100.0));
    }

    #[test]
    fn each_arm_has_a_point_in_its_interval_and_its_words() {
        let drawn = strip(&[line(-31.0, Some((-37.0, -24.0))), line(950.0, None)], "A title").into_string();
        assert_eq!(drawn.matches("an-arm").count(), 2);
        assert_eq!(drawn.matches("<circle").count(), 1, "a point beyond the scale is not drawn at its end");
        assert!(drawn.contains("aria-label=\"A title\"") && drawn.contains("words"));
        assert_eq!(strip(&[], "none").into_string(), "");
    }
}
