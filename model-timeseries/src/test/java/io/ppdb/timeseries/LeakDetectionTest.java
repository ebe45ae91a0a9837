package io.ppdb.timeseries;

import io.ppdb.kv.sync.LeakDetectionContract;

class LeakDetectionTest extends LeakDetectionContract {}
