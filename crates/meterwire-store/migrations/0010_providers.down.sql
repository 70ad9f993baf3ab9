-- What providers say was used can be asked for again; connections with their sealed keys are gone.
DROP TABLE provider_row;
DROP TABLE provider_bucket;
DROP TABLE provider_stream;
DROP TABLE provider_connection;
