SELECT sealed_seq, reused FROM identity_mark
