package io.ppdb.lsm;

import io.ppdb.kv.sync.LeakDetectionContract;

class LeakDetectionTest extends LeakDetectionContract {}
