package io.ppdb.kv.sync;

class LeakDetectionTest extends LeakDetectionContract {}
