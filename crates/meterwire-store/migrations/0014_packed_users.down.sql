DROP TABLE packed_version;
DROP TABLE rollup_user_packed;
