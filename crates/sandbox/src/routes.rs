//! Which path does what, in both path families.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};
use axum::{Router, middleware};

use crate::reply::Refusal;
use crate::state::State;
use crate::{access, faults, imports, jobs, journal, links, mappings, reads, upload};

pub(crate) fn router(state: &State) -> Router {
    let guarded = Router::new()
        .nest("/api/v1/jobs", job_routes())
        .nest("/frontend/rs/genestack/job/default-released", job_routes())
        .nest("/api/v1/as-curator/integration/link", link_routes())
        .nest(
            "/frontend/rs/genestack/integrationCurator/default-released/integration/link",
            link_routes(),
        )
        .nest("/api/v1/xrefsets", mapping_routes())
        .nest(
            "/frontend/rs/genestack/reference-data/default-released/xrefsets",
            mapping_routes(),
        )
        .route(
            "/api/v1/as-curator/links",
            get(mappings::links).post(mappings::link),
        )
        .route(
            "/frontend/rs/genestack/integrationCurator/default-released/links",
            get(mappings::links).post(mappings::link),
        )
        .route("/api/v1/as-curator/studies/{id}", get(reads::study))
        .route("/api/v1/as-user/studies/{id}", get(reads::study))
        .route(
            "/frontend/rs/genestack/studyUser/default-released/studies/{id}",
            get(reads::study),
        )
        .route(
            "/frontend/rs/genestack/studyCurator/default-released/studies/{id}",
            get(reads::study),
        )
        .fallback(|| async { Refusal::missing("the sandbox has no such path") })
        .layer(middleware::from_fn_with_state(State::clone(state), access::check));
    Router::new()
        .nest(
            "/frontend/endpoint/application/invoke/genestack",
            access::routes(),
        )
        .merge(guarded)
        .layer(middleware::from_fn_with_state(
            State::clone(state),
            faults::strike,
        ))
        .layer(middleware::from_fn_with_state(State::clone(state), journal::keep))
        .with_state(State::clone(state))
}

fn job_routes() -> Router<State> {
    Router::new()
        .route("/import/{kind}", post(imports::by_link))
        .route(
            "/import/{kind}/multipart",
            post(upload::multipart).layer(DefaultBodyLimit::disable()),
        )
        .route("/{id}/info", get(jobs::info))
        .route("/{id}/output", get(jobs::output))
        .route("/{id}/restart", put(jobs::restart))
        .route("/{id}/stop", put(jobs::stop))
}

fn mapping_routes() -> Router<State> {
    Router::new()
        .route("/", post(mappings::make))
        .route("/{id}/metadata", get(mappings::metadata))
}

fn link_routes() -> Router<State> {
    Router::new()
        .route("/{from}/group/{source}/to/study/{target}", post(links::to_study))
        .route(
            "/{from}/group/{source}/to/{to}/group/{target}",
            post(links::to_group),
        )
        .route("/{from}/{source}/by/group/{id}", get(reads::pairs))
        .route("/{from}/group/by/study/{id}", get(reads::groups_of_study))
        .route("/samples/by/study/{id}", get(reads::samples_of_study))
}
