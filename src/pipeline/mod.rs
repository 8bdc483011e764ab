//! The program on one page: read → check → link → decide → write.

mod ordered;
