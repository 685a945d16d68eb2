//! Rankers that score batches, built from rankers that score single requests.

use std::sync::{Arc, Mutex};

use recsafe_platform::candidates::Candidates;
use recsafe_platform::interventions::Intervention;
use recsafe_platform::ranking::{Ranker, RankerError, Unscored};
use recsafe_platform::settings::Quotas;
use recsafe_platform::{Request, View};

/// Number of requests of each batch, in no particular order.
pub type Sizes = Arc<Mutex<Vec<usize>>>;

/// A ranker that scores batches, from the last request to the first.
#[derive(Debug)]
pub struct InBatches {
    pub ranker: Box<dyn Ranker>,
    pub sizes: Sizes,
}

impl Ranker for InBatches {
    fn score(&self, _: &Request, _: &View, _: &Candidates, _: &mut Vec<f32>) {
        panic!("a ranker that scores batches must get batches");
    }

    fn batches(&self) -> bool {
        true
    }

    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        self.sizes.lock().unwrap().push(batch.len());
        for one in batch.iter_mut().rev() {
            self.ranker.score(one.request, view, one.candidates, one.scores);
        }
        Ok(())
    }

    fn sources(&self, quotas: &Quotas) -> Quotas {
        self.ranker.sources(quotas)
    }

    fn explores(&self) -> bool {
        self.ranker.explores()
    }

    fn learns_factors(&self) -> bool {
        self.ranker.learns_factors()
    }

    fn learns_engagements(&self) -> bool {
        self.ranker.learns_engagements()
    }

    fn repeat_discount(&self) -> f32 {
        self.ranker.repeat_discount()
    }
}

/// An intervention that replaces the platform's ranker.
#[derive(Debug)]
pub struct Instead(pub Box<dyn Ranker>);

impl Intervention for Instead {
    fn ranker(&self) -> Option<&dyn Ranker> {
        Some(&*self.0)
    }
}
