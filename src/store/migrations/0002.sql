-- What the publisher reserved of the page, as found in tdmrep.json, robots.txt, headers and markup; JSON array, NULL =
-- nothing. Some of these words leave title, teaser and link alone: then the outcome is `reserved` and no body was kept.
ALTER TABLE fetch ADD COLUMN reservations TEXT;
