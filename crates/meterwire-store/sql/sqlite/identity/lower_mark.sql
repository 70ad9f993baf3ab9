UPDATE identity_mark SET sealed_seq = ?, reused = 1
