-- Articles whose place among reprints and stories is still to be found. A run that dies before it has settled them leaves
-- them to the next one.
CREATE TABLE unsettled (
    article INTEGER PRIMARY KEY
);
