SELECT seq FROM event WHERE seq > (SELECT sealed_seq FROM identity_mark) AND identity = ? ORDER BY seq
