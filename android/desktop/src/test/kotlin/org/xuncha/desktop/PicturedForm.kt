package org.xuncha.desktop

import java.io.File
import kotlin.io.path.createTempDirectory
import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue

private const val FORM =
    """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>井盖辨认</h:title><model>
<itext><translation lang="中文 (zh)" default="true()">
<text id="kind"><value>哪一种</value><value form="image">jr://images/all.jpg</value></text>
<text id="round"><value>雨水</value><value form="image">jr://images/round.jpg</value></text>
<text id="square"><value>电力</value></text></translation></itext>
<instance><data id="pictured" version="1"><kind/><zone>东</zone><shop/><meta><instanceID/></meta></data></instance>
<instance id="shops" src="jr://file-csv/shops.csv"/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/></model></h:head><h:body>
<select1 ref="/data/kind"><label ref="jr:itext('kind')"/>
<item><label ref="jr:itext('round')"/><value>round</value></item>
<item><label ref="jr:itext('square')"/><value>square</value></item></select1>
<input ref="/data/zone"><label>片区</label></input>
<select1 ref="/data/shop"><label>店铺</label><itemset nodeset="instance('shops')/root/item[zone = /data/zone]">
<value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>"""

/** A form with pictures and a list: both come with it, and the list changes at the office. */
class PicturedForm {
    private val folder = createTempDirectory("pictured").toFile()
    private val form = File(folder, "pictured.xml").apply { writeText(FORM) }
    private val media = File(folder, "pictured-media").apply { mkdirs() }

    @Test
    fun picturesAreShownAndWhatLeftTheListIsSaid() =
        OnStage.play {
            stage.photos().zip(listOf("all.jpg", "round.jpg")).forEach { (photo, name) -> photo.copyTo(File(media, name)) }
            list("s1,面馆,东\ns2,药店,东")
            stage.order("form $form")
            val phone = phone("p-wang")
            phone.enrol("p-wang")
            phone.tap("bar-mine")
            phone.tapIn("mine", "form-pictured")
            phone.awaitTag("form-picture")
            phone.show("form-pictures")
            phone.tapIn("form", "choice:round")
            phone.tapIn("form", "choice:s1")
            phone.tap("back")
            sync(phone) { list("s2,药店,东\ns3,面包房,东") }
            phone.tap("bar-today")
            phone.tapIn("today", "draft")
            phone.awaitText("有1处原来的内容现在放不下（店铺：s1）")
            phone.show("form-misfits")
            phone.tap("misfits-seen")
            phone.awaitGone("放不下")
            phone.tapIn("form", "choice:s3")
            assertTrue(phone.shows("面包房"))
            assertFalse(phone.shows("面馆"))
            folder.deleteRecursively()
        }

    private fun list(rows: String) = File(media, "shops.csv").writeText("name,label,zone\n$rows\n")

    private fun OnStage.sync(
        phone: Handset,
        change: () -> Unit,
    ) {
        change()
        stage.order("form $form")
        phone.tap("bar-today")
        phone.tap("safety")
        phone.syncNow()
        phone.awaitText("平台已全部收到并核对")
        phone.tap("back")
    }
}
