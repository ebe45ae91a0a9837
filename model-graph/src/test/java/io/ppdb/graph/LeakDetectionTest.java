package io.ppdb.graph;

import io.ppdb.kv.sync.LeakDetectionContract;

class LeakDetectionTest extends LeakDetectionContract {}
