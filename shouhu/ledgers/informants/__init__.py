"""
Who told: names and ways to reach informants, apart from what they told.

Identities are sealed to a public key; the private one is wrapped by the passphrase of the 保密员, and once more by a recovery
code on paper, so that the running server cannot read them. One is opened for one named reader only, on a reasoned request that
somebody else granted (为举报人保密: 防范和处置非法集资条例第16条; 反电信网络诈骗法第5条、第30条). Nothing here says which
tip an identity belongs to: the ledger of tips points here, never the reverse.
"""
