//! A *search* answers one request from one index. (Stub of the two functions, for this branch only.)

use crate::article::ArticleId;
use crate::index::ArticleIndex;
use crate::search::error::SearchError;
use crate::search::request::SearchRequest;
use crate::search::response::FullArticle;
use crate::search::response::SearchResponse;
use crate::taxonomy::Taxonomy;

pub mod error;
pub mod request;
pub mod response;

/// Searches.
///
/// # Errors
/// Always, here.
pub fn search(
    _index: &ArticleIndex,
    _taxonomy: &Taxonomy,
    _request: &SearchRequest,
) -> Result<SearchResponse, SearchError> {
    Err(SearchError::Engine("it is a stub".to_owned()))
}

/// One article.
///
/// # Errors
/// Always, here.
pub fn article(_index: &ArticleIndex, _id: ArticleId) -> Result<Option<FullArticle>, SearchError> {
    Err(SearchError::Engine("it is a stub".to_owned()))
}
